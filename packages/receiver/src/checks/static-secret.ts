import {
  constantTimeEqual,
  decodeCanonicalBase64,
  encodeBase64,
  utf8,
  utf8Text,
} from "../bytes.ts";
import type { Check, CheckInput, Checked, SignInput } from "../scheme.ts";
import { missingHeader, rejected, sentTwice } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { keyBytes } from "./key-form.ts";

/** A secret that the sender repeats in a header: it proves who calls, and nothing of what is said. */
export function staticHeader(header: string): Check {
  return {
    kind: "static-secret",
    coversBody: false,
    verify(input) {
      const [value = "", ...more] = input.request.headers(header);
      if (more.length > 0) return sentTwice(header);
      return value === "" ? missingHeader(header) : matchSecret([utf8(value)], input);
    },
    async sign(input) {
      return { headers: { [header]: await onlySecret(input) } };
    },
  };
}

/** HTTP Basic (RFC 7617); the secret is `user:password`. */
export function basicAuth(): Check {
  return {
    kind: "basic-auth",
    coversBody: false,
    verify(input) {
      const [value = "", ...more] = input.request.headers("authorization");
      if (more.length > 0) return sentTwice("authorization");
      if (value.trim() === "") return missingHeader("authorization");
      const credentials = /^basic +(\S+)$/i.exec(value)?.[1];
      const bytes = decodeCanonicalBase64(credentials ?? "");
      if (credentials === undefined || bytes === undefined || !utf8Text(bytes)?.includes(":")) {
        return rejected("malformed", "The header authorization is not Basic with user:password.");
      }
      return matchSecret([bytes], input);
    },
    async sign(input) {
      const secret = await onlySecret(input);
      return { headers: { authorization: `Basic ${encodeBase64(utf8(secret))}` } };
    },
  };
}

/**
 * Whether one secret equals every value. Both sides are hashed first: a comparison of the texts would tell the
 * secret's length.
 */
export async function matchSecret(
  values: readonly Uint8Array[],
  { secrets, crypto }: Pick<CheckInput, "secrets" | "crypto">,
): Promise<Checked | Rejected> {
  const hashed = await Promise.all(values.map(async (value) => crypto.digest("SHA-256", [value])));
  let secretIndex = -1;
  for (const [index, secret] of secrets.entries()) {
    const key = await keyBytes("text", secret, crypto);
    if ("kind" in key) return key;
    const wanted = await crypto.digest("SHA-256", [key]);
    const equal = hashed.filter((value) => constantTimeEqual(value, wanted)).length;
    if (equal === values.length && secretIndex < 0) secretIndex = index;
  }
  return secretIndex < 0
    ? rejected("signature", "The secret that came is none of the given ones.")
    : { kind: "checked", secretIndex, timestampMs: undefined };
}

export async function onlySecret({ secrets, crypto }: SignInput): Promise<string> {
  const [secret, ...more] = secrets;
  if (secret === undefined || more.length > 0) {
    throw new TypeError("This scheme carries one secret: give one.");
  }
  const key = await keyBytes("text", secret, crypto);
  if ("kind" in key) throw new TypeError(key.detail);
  return utf8Text(key) ?? "";
}
