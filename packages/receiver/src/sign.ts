import { bodyBytes } from "./bytes.ts";
import type { RawBody } from "./bytes.ts";
import type { CryptoProvider } from "./crypto-provider.ts";
import type { Secret } from "./secret.ts";
import { asList, resolveSecret } from "./secret-input.ts";
import type { SecretInput } from "./secret-input.ts";
import { formatSignature, signedBytes, webhookHeaders } from "./signed-content.ts";
import type { WebhookHeaders } from "./signed-content.ts";
import { webCrypto } from "./web-crypto.ts";

export interface MessageToSign {
  /** Stays the same over retries; no full stop. */
  readonly id: string;
  /** The exact bytes that are sent. */
  readonly body: RawBody;
  /** The time of this attempt. @default now */
  readonly timestampSeconds?: number;
}

/**
 * Signs a message with every secret given: `whsec_` makes a `v1`, `whsk_` a `v1a` signature. During a rotation
 * give the old and the new. Throws a TypeError for an id, timestamp, body or secret that cannot be signed with.
 */
export async function sign(
  message: MessageToSign,
  secrets: SecretInput | readonly SecretInput[],
  crypto: CryptoProvider = webCrypto,
): Promise<WebhookHeaders> {
  const { id, timestampSeconds = Math.floor(Date.now() / 1000) } = message;
  const body = bodyBytes(message.body);
  if (body === undefined) {
    throw new TypeError("Give the body as bytes or text: an object has no bytes to sign.");
  }
  const inputs = asList(secrets);
  if (inputs.length === 0) throw new TypeError("Give at least one secret to sign with.");
  const data = signedBytes(id, timestampSeconds, body);
  const signatures = await Promise.all(
    inputs.map((input) => signOne(usableSecret(input), data, crypto)),
  );
  return webhookHeaders(id, timestampSeconds, signatures);
}

async function signOne(secret: Secret, data: Uint8Array, crypto: CryptoProvider): Promise<string> {
  switch (secret.kind) {
    case "hmac":
      return formatSignature("v1", await crypto.hmac("SHA-256", secret.key, data));
    case "ed25519-private":
      return formatSignature("v1a", await crypto.signEd25519(secret.seed, data));
    case "ed25519-public":
      throw new TypeError("A whpk_ key only verifies: sign with its whsk_ key.");
  }
}

function usableSecret(input: SecretInput): Secret {
  const parsed = resolveSecret(input);
  if (parsed.kind === "malformed") throw new TypeError(parsed.detail);
  return parsed.secret;
}
