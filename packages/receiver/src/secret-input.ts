import type { Secret } from "./secret.ts";

/** A public key as JSON Web Key (RFC 7517). */
export interface Jwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** A key set, as senders publish it. */
export interface JwkSet {
  readonly keys: readonly Jwk[];
}

/**
 * A secret or key: as the text that the sender's dashboard shows (a secret, a PEM, a JWK as JSON), as bytes,
 * parsed before, or as a JWK.
 */
export type SecretInput = string | Uint8Array | Secret | Jwk | JwkSet;

export function asList(secrets: SecretInput | readonly SecretInput[]): readonly SecretInput[] {
  return isList(secrets) ? secrets : [secrets];
}

function isList(secrets: SecretInput | readonly SecretInput[]): secrets is readonly SecretInput[] {
  return Array.isArray(secrets);
}

export function isParsedSecret(input: SecretInput): input is Secret {
  return typeof input === "object" && input !== null && "kind" in input;
}
