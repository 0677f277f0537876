import { decodeBase64, decodeHex, utf8 } from "../bytes.ts";
import type { CryptoProvider } from "../crypto-provider.ts";
import type { MaybePromise } from "../scheme.ts";
import { isParsedSecret } from "../secret-input.ts";
import type { SecretInput } from "../secret-input.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/**
 * How a secret's text becomes the key: its UTF-8 bytes, or what it encodes. `text-nfkd` normalises it first
 * (Unicode NFKD); `sha1` is the hash of the text.
 */
export type KeyForm = "text" | "text-nfkd" | "base64" | "hex" | "sha1";

/** The key's bytes. */
export function keyBytes(
  form: KeyForm,
  input: SecretInput,
  crypto: CryptoProvider,
): MaybePromise<Uint8Array> | Rejected {
  if (input instanceof Uint8Array) return input.length === 0 ? emptySecret() : input;
  if (typeof input !== "string") return ofObject(input);
  if (input.trim() === "") return emptySecret();
  switch (form) {
    case "text":
      return utf8(input);
    case "text-nfkd":
      return utf8(input.normalize("NFKD"));
    case "base64":
      return decodeBase64(input) ?? notEncoded("base64", input);
    case "hex":
      return decodeHex(input.toLowerCase()) ?? notEncoded("hexadecimal", input);
    case "sha1":
      return crypto.digest("SHA-1", [utf8(input)]);
  }
}

function ofObject(input: Exclude<SecretInput, string | Uint8Array>): Uint8Array | Rejected {
  // An unset environment variable arrives here from untyped callers.
  if (input === undefined || input === null) return emptySecret();
  if (isParsedSecret(input) && input.kind === "hmac") return input.key;
  return rejected(
    "bad-secret",
    "This scheme is checked with a shared secret, and a key was given.",
  );
}

function emptySecret(): Rejected {
  return rejected("bad-secret", "The secret is empty: is its environment variable set?");
}

function notEncoded(encoding: string, text: string): Rejected {
  const hint = /\s/.test(text) ? "it contains white space or a line break" : "was it cut off?";
  return rejected("bad-secret", `The secret is not ${encoding}, which this scheme's are: ${hint}.`);
}
