import { constantTimeEqual, utf8 } from "../bytes.ts";
import type { CheckInput, SignInput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { encode } from "./encoding.ts";
import type { Encoding } from "./encoding.ts";
import type { JwtClaims } from "./jwt.ts";

/** The SHA-256 of bytes, written as a claim. */
export async function hashClaim(
  encoding: Encoding,
  bytes: Uint8Array,
  { crypto }: Pick<CheckInput | SignInput, "crypto">,
): Promise<string> {
  return encode(encoding, await crypto.digest("SHA-256", [bytes]));
}

/** Compares a claim with the hash of bytes. A token without it would stand for any request. */
export async function compareHash(
  claims: JwtClaims,
  claim: { readonly name: string; readonly encoding: Encoding },
  bytes: Uint8Array,
  input: CheckInput,
): Promise<Rejected | undefined> {
  const value = claims[claim.name];
  if (typeof value !== "string") {
    return rejected("malformed", `The token has no ${claim.name}, and so covers nothing.`);
  }
  const expected = await hashClaim(claim.encoding, bytes, input);
  return constantTimeEqual(utf8(value), utf8(expected))
    ? undefined
    : rejected("signature", `The token is genuine, and its ${claim.name} is of something else.`);
}

export function compareIssuer(claims: JwtClaims, issuer: string): Rejected | undefined {
  return claims["iss"] === issuer
    ? undefined
    : rejected("signature", "The token is genuine, and of another issuer.");
}
