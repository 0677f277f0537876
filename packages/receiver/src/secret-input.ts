import { parseSecret } from "./secret.ts";
import type { Secret, SecretParse } from "./secret.ts";

/** A secret as its text, or parsed before. */
export type SecretInput = string | Secret;

export function asList(secrets: SecretInput | readonly SecretInput[]): readonly SecretInput[] {
  return isList(secrets) ? secrets : [secrets];
}

export function resolveSecret(input: SecretInput): SecretParse {
  // An unset environment variable arrives here from untyped callers.
  if (input === undefined || input === null) return parseSecret("");
  return typeof input === "string" ? parseSecret(input) : { kind: "parsed", secret: input };
}

function isList(secrets: SecretInput | readonly SecretInput[]): secrets is readonly SecretInput[] {
  return Array.isArray(secrets);
}
