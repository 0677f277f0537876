import type { HashName } from "../crypto-provider.ts";
import { readPrivateKey } from "../keys/private-key.ts";
import { readPublicKeys } from "../keys/public-key.ts";
import type { Checked, CheckInput, SignInput } from "../scheme.ts";
import type { SecretInput } from "../secret-input.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { mismatch } from "./mismatch.ts";

/** What the key of a certificate that the message names has signed, with RSA (PKCS #1 v1.5). */
export interface CertifiedClaim {
  readonly hash: HashName;
  /** Checked by the scheme to be the provider's: `resolveKey` may fetch it. */
  readonly certificateUrl: string;
  readonly signature: Uint8Array;
  readonly data: Uint8Array;
  readonly timestampMs: number | undefined;
}

/** Tries the certificates or keys that were given, and then the one that `resolveKey` finds. */
export async function verifyCertified(
  claim: CertifiedClaim,
  input: CheckInput,
): Promise<Checked | Rejected> {
  for (const [secretIndex, secret] of input.secrets.entries()) {
    const matched = await isSignedWith(claim, secret, input);
    if (typeof matched === "object") return matched;
    if (matched) return { kind: "checked", secretIndex, timestampMs: claim.timestampMs };
  }
  if (input.resolveKey === undefined) return mismatch;
  const found = await fetchKey(claim.certificateUrl, input.resolveKey);
  if (found === undefined) return mismatch;
  if (found.kind === "rejected") return found;
  const matched = await isSignedWith(claim, found.secret, input);
  if (typeof matched === "object") return matched;
  if (!matched) return mismatch;
  const { timestampMs } = claim;
  return { kind: "checked", secretIndex: input.secrets.length, timestampMs };
}

type FoundKey = { readonly kind: "found"; readonly secret: SecretInput } | Rejected;

async function fetchKey(
  url: string,
  resolveKey: NonNullable<CheckInput["resolveKey"]>,
): Promise<FoundKey | undefined> {
  try {
    const secret = await resolveKey({ kind: "certificate", url });
    return secret === undefined ? undefined : { kind: "found", secret };
  } catch {
    // The caller's own: it logs what went wrong.
    return rejected("key-unavailable", "The sender's certificate could not be fetched now.");
  }
}

async function isSignedWith(
  { hash, signature, data }: CertifiedClaim,
  secret: SecretInput,
  { crypto }: CheckInput,
): Promise<boolean | Rejected> {
  const [key] = readPublicKeys(secret);
  if (key?.kind !== "rsa") {
    return rejected(
      "bad-secret",
      "The key is no RSA public key: give the provider's certificate as PEM, or resolveKey.",
    );
  }
  try {
    return await crypto.verifyWith({ kind: "rsa", hash }, key.spki, { signature, data });
  } catch {
    // The provider refuses the key's bytes.
    return false;
  }
}

/** Throws a TypeError for anything but one RSA private key. */
export async function signCertified(
  hash: HashName,
  data: Uint8Array,
  { secrets, crypto }: SignInput,
): Promise<Uint8Array> {
  const [secret, ...more] = secrets;
  if (secret === undefined || more.length > 0) {
    throw new TypeError("This scheme carries one signature: give one private key to sign with.");
  }
  return crypto.signWith({ kind: "rsa", hash }, readPrivateKey(secret), data);
}
