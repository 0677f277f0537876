import type { CryptoProvider } from "./crypto-provider.ts";
import { constantTimeEqual } from "./bytes.ts";
import { formatSecret } from "./secret.ts";
import type { Secret } from "./secret.ts";
import { webCrypto } from "./web-crypto.ts";

/** Returns `length` unpredictable bytes. */
export type RandomBytes = (length: number) => Uint8Array;

/** A new pair for `v1a`: the sender keeps `whsk_…`, the receiver gets `whpk_…`. */
export interface SigningKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

// At least 256 bits, and a multiple of three: the base64 then needs no padding, which is where libraries differ.
const newSecretBytes = 33;

/** Makes a new `whsec_…` secret. */
export function generateSecret(random: RandomBytes = platformRandom): string {
  return formatSecret({ kind: "hmac", key: random(newSecretBytes) });
}

/** Makes a new Ed25519 key pair; `whsk_…` holds the seed and the public key, as Svix writes it. */
export async function generateSigningKey(
  random: RandomBytes = platformRandom,
  crypto: CryptoProvider = webCrypto,
): Promise<SigningKeyPair> {
  const seed = random(32);
  const publicKey = await crypto.ed25519PublicKey(seed);
  return {
    privateKey: formatSecret({ kind: "ed25519-private", seed, publicKey }),
    publicKey: formatSecret({ kind: "ed25519-public", publicKey }),
  };
}

/**
 * The key that verifies what `secret` signs. Throws when `secret` carries the public key of another pair:
 * receivers who were given that one could verify nothing.
 */
export async function derivePublicKey(
  secret: Extract<Secret, { kind: "ed25519-private" }>,
  crypto: CryptoProvider = webCrypto,
): Promise<Extract<Secret, { kind: "ed25519-public" }>> {
  const publicKey = await crypto.ed25519PublicKey(secret.seed);
  if (secret.publicKey !== undefined && !constantTimeEqual(publicKey, secret.publicKey)) {
    throw new Error("The two halves of the whsk_ key do not belong together: generate a new pair.");
  }
  return { kind: "ed25519-public", publicKey };
}

function platformRandom(length: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
