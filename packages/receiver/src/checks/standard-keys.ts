import { decodeBase64Url, utf8 } from "../bytes.ts";
import { parseSecret } from "../secret.ts";
import type { Secret } from "../secret.ts";
import { isParsedSecret } from "../secret-input.ts";
import type { Jwk, JwkSet, SecretInput } from "../secret-input.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** `whsec-or-text`: a secret without the prefix is used as its text, as OpenAI's libraries do. */
export type StandardKeyForm = "whsec" | "whsec-or-text";

export interface StandardKey {
  readonly secret: Secret;
  /** The position of the input that it came from: a key set holds several. */
  readonly secretIndex: number;
}

interface StandardKeys {
  readonly kind: "keys";
  readonly keys: readonly StandardKey[];
}

export function standardKeys(
  form: StandardKeyForm,
  inputs: readonly SecretInput[],
): StandardKeys | Rejected {
  const keys: StandardKey[] = [];
  for (const [secretIndex, input] of inputs.entries()) {
    const read = readInput(form, input);
    if ("kind" in read) {
      const which = inputs.length === 1 ? "" : `Secret ${secretIndex + 1} of ${inputs.length}: `;
      return rejected("bad-secret", which + read.detail);
    }
    for (const secret of read) keys.push({ secret, secretIndex });
  }
  return { kind: "keys", keys };
}

function readInput(form: StandardKeyForm, input: SecretInput): readonly Secret[] | Rejected {
  // An unset environment variable arrives here from untyped callers.
  if (input === undefined || input === null) return readText(form, "");
  if (typeof input === "string") {
    return input.startsWith("{") ? readJson(input) : readText(form, input);
  }
  if (input instanceof Uint8Array) return [{ kind: "hmac", key: input }];
  if (isParsedSecret(input)) return [input];
  return "keys" in input ? readKeySet(input) : readKeySet({ keys: [input] });
}

function readText(form: StandardKeyForm, text: string): readonly Secret[] | Rejected {
  const usedAsText =
    form === "whsec-or-text" && text.trim() !== "" && !/^wh(?:sec|sk|pk)_/.test(text);
  if (usedAsText) return [{ kind: "hmac", key: utf8(text) }];
  // The length is the sender's duty: whoever has a short secret can only verify with it.
  const parsed = parseSecret(text, 1);
  return parsed.kind === "malformed" ? rejected("bad-secret", parsed.detail) : [parsed.secret];
}

function readJson(text: string): readonly Secret[] | Rejected {
  try {
    const value: Jwk & Partial<JwkSet> = JSON.parse(text);
    return readKeySet({ keys: Array.isArray(value.keys) ? value.keys : [value] });
  } catch {
    // No JSON.
    return noKey();
  }
}

function readKeySet({ keys }: JwkSet): readonly Secret[] | Rejected {
  const secrets = keys.flatMap((jwk): Secret[] => {
    if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519") return [];
    const publicKey = decodeBase64Url(jwk.x ?? "");
    return publicKey?.length === 32 ? [{ kind: "ed25519-public", publicKey }] : [];
  });
  return secrets.length === 0 ? noKey() : secrets;
}

function noKey(): Rejected {
  return rejected("bad-secret", "The key set holds no Ed25519 public key (kty OKP, crv Ed25519).");
}
