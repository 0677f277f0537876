import { decodeBase64, encodeBase64 } from "./bytes.ts";

/** A parsed secret or key of Standard Webhooks. */
export type Secret =
  /** `whsec_`: the shared key of `v1`. */
  | { readonly kind: "hmac"; readonly key: Uint8Array }
  /** `whsk_`: signs `v1a`. `publicKey` is undefined when the text holds the seed alone. */
  | {
      readonly kind: "ed25519-private";
      readonly seed: Uint8Array;
      readonly publicKey: Uint8Array | undefined;
    }
  /** `whpk_`: verifies `v1a`. */
  | { readonly kind: "ed25519-public"; readonly publicKey: Uint8Array };

/** Why a text is no secret. */
export type SecretProblem =
  | "empty"
  | "whitespace"
  | "unknown-prefix"
  | "not-base64"
  | "too-short"
  | "too-long"
  | "wrong-length";

export type SecretParse =
  | { readonly kind: "parsed"; readonly secret: Secret }
  | { readonly kind: "malformed"; readonly problem: SecretProblem; readonly detail: string };

// Standard Webhooks asks for 24 to 64 bytes of a new secret; secrets of up to 75 are in use and are imported.
const minSecretBytes = 24;
const maxSecretBytes = 75;

const prefixes = { hmac: "whsec_", private: "whsk_", public: "whpk_" } as const;

/**
 * Parses `whsec_…` (or its base64 alone), `whsk_…` (32-byte seed, or seed and public key in 64 bytes) or
 * `whpk_…`. The detail of a refusal names the likely cause and repeats nothing of the text. A receiver may have to
 * take a shared secret that is shorter than `minBytes`.
 */
export function parseSecret(text: string, minBytes = minSecretBytes): SecretParse {
  if (text.trim() === "") {
    return malformed("empty", "The secret is empty: is its environment variable set?");
  }
  if (/\s/.test(text)) {
    return malformed(
      "whitespace",
      "The secret contains white space or a line break: one read from a file or an environment variable " +
        "often ends in a newline, and one pasted from a wrapped line has one inside. Remove it.",
    );
  }
  if (text.startsWith(prefixes.private)) return parsePrivateKey(text);
  if (text.startsWith(prefixes.public)) return parsePublicKey(text);
  return parseSharedSecret(text, minBytes);
}

/** Writes the one spelling that every Standard Webhooks library reads: prefix, then padded base64. */
export function formatSecret(secret: Secret): string {
  switch (secret.kind) {
    case "hmac":
      return prefixes.hmac + encodeBase64(secret.key);
    case "ed25519-private": {
      const halves = [...secret.seed, ...(secret.publicKey ?? [])];
      return prefixes.private + encodeBase64(Uint8Array.from(halves));
    }
    case "ed25519-public":
      return prefixes.public + encodeBase64(secret.publicKey);
  }
}

function parseSharedSecret(text: string, minBytes: number): SecretParse {
  const prefixed = text.startsWith(prefixes.hmac);
  const key = decodeBase64(prefixed ? text.slice(prefixes.hmac.length) : text);
  if (key === undefined) return prefixed ? notBase64(text) : unprefixed(text);
  if (key.length < minBytes) {
    return malformed(
      "too-short",
      `The secret has ${key.length} bytes and needs at least ${minBytes}: was it cut off when it was copied?`,
    );
  }
  if (key.length > maxSecretBytes) {
    return malformed(
      "too-long",
      `The secret has ${key.length} bytes and may have at most ${maxSecretBytes}: was it encoded or pasted twice?`,
    );
  }
  return { kind: "parsed", secret: { kind: "hmac", key } };
}

function parsePrivateKey(text: string): SecretParse {
  const bytes = decodeBase64(text.slice(prefixes.private.length));
  if (bytes === undefined) return notBase64(text);
  if (bytes.length !== 32 && bytes.length !== 64) {
    return malformed(
      "wrong-length",
      `A whsk_ key has 32 bytes (the seed) or 64 (the seed and the public key), and this one has ${bytes.length}.`,
    );
  }
  const publicKey = bytes.length === 64 ? bytes.slice(32) : undefined;
  const seed = bytes.slice(0, 32);
  return { kind: "parsed", secret: { kind: "ed25519-private", seed, publicKey } };
}

function parsePublicKey(text: string): SecretParse {
  const publicKey = decodeBase64(text.slice(prefixes.public.length));
  if (publicKey === undefined) return notBase64(text);
  if (publicKey.length !== 32) {
    return malformed(
      "wrong-length",
      `A whpk_ key has 32 bytes, and this one has ${publicKey.length}.`,
    );
  }
  return { kind: "parsed", secret: { kind: "ed25519-public", publicKey } };
}

function unprefixed(text: string): SecretParse {
  if (!/^[A-Za-z-]{2,10}_/.test(text)) return notBase64(text);
  return malformed(
    "unknown-prefix",
    "The secret starts with a prefix that is not whsec_, whsk_ or whpk_ (in lower case): is it an API key, " +
      "or the secret of another scheme?",
  );
}

function notBase64(text: string): SecretParse {
  const rest = text.slice(text.indexOf("_") + 1);
  if (/^wh(sec|sk|pk)_/i.test(rest)) {
    return malformed("not-base64", "The secret carries its prefix twice: keep one.");
  }
  if (/^[\w-]+=*$/.test(rest) && /[-_]/.test(rest)) {
    return malformed(
      "not-base64",
      "The secret is in the base64url alphabet (- and _): standard base64 (+ and /) is needed.",
    );
  }
  return malformed(
    "not-base64",
    "The secret is not base64 after its prefix: look for quotation marks, an ellipsis, or a cut end.",
  );
}

function malformed(problem: SecretProblem, detail: string): SecretParse {
  return { kind: "malformed", problem, detail };
}
