import { decodeBase64 } from "../bytes.ts";
import { parseSecret } from "../secret.ts";
import { isParsedSecret } from "../secret-input.ts";
import type { SecretInput } from "../secret-input.ts";

/** The PKCS #8 of a PEM private key. Throws a TypeError for anything else. */
export function readPrivateKey(input: SecretInput): Uint8Array {
  const text = typeof input === "string" ? input.trim() : "";
  const pem = /^-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END PRIVATE KEY-----$/.exec(
    text,
  );
  const der = decodeBase64((pem?.[1] ?? "").replaceAll(/\s/g, ""));
  if (der === undefined || der.length === 0) {
    throw new TypeError("Sign with the private key, as PEM (PKCS #8).");
  }
  return der;
}

/** The seed of an Ed25519 key: `whsk_…`, or a PEM private key, which ends with it. */
export function readSeed(input: SecretInput): Uint8Array {
  const parsed =
    typeof input === "string" && input.startsWith("whsk_") ? parseSecret(input) : undefined;
  const secret = parsed?.kind === "parsed" ? parsed.secret : input;
  if (typeof secret === "object" && !(secret instanceof Uint8Array) && isParsedSecret(secret)) {
    if (secret.kind === "ed25519-private") return secret.seed;
  }
  return readPrivateKey(input).slice(-32);
}
