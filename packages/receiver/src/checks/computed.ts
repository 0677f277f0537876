import { constantTimeEqual } from "../bytes.ts";
import type { HashName } from "../crypto-provider.ts";
import type { Checked, CheckInput, SignInput } from "../scheme.ts";
import type { Rejected } from "../verdict.ts";
import { keyBytes } from "./key-form.ts";
import type { KeyForm } from "./key-form.ts";
import { mismatch } from "./mismatch.ts";

/** How a code is computed over a content that the scheme's own code puts together. */
export interface CodePlan {
  readonly hash: HashName;
  readonly key: KeyForm;
}

/** The signatures that came, and the contents of which any may be the signed one. */
export interface Claim {
  readonly signatures: readonly Uint8Array[];
  readonly contents: readonly (readonly Uint8Array[])[];
  readonly timestampMs: number | undefined;
}

/** Tries every secret on every content: stopping at a match would tell by its duration which one it was. */
export async function matchCode(
  plan: CodePlan,
  { signatures, contents, timestampMs }: Claim,
  { secrets, crypto }: Pick<CheckInput, "secrets" | "crypto">,
): Promise<Checked | Rejected> {
  let secretIndex = -1;
  for (const [index, secret] of secrets.entries()) {
    const key = await keyBytes(plan.key, secret, crypto);
    if ("kind" in key) return key;
    for (const content of contents) {
      const code = await crypto.hmac(plan.hash, key, content);
      const equal = signatures.filter((signature) => constantTimeEqual(signature, code)).length;
      if (equal > 0 && secretIndex < 0) secretIndex = index;
    }
  }
  return secretIndex < 0 ? mismatch : { kind: "checked", secretIndex, timestampMs };
}

/** The code of each secret. Throws a TypeError for a secret that cannot be used. */
export async function computeCodes(
  plan: CodePlan,
  content: readonly Uint8Array[],
  { secrets, crypto }: SignInput,
): Promise<readonly Uint8Array[]> {
  const codes = secrets.map(async (secret) => {
    const key = await keyBytes(plan.key, secret, crypto);
    if ("kind" in key) throw new TypeError(key.detail);
    return crypto.hmac(plan.hash, key, content);
  });
  return Promise.all(codes);
}

/** The code of the only secret, where the scheme has room for one. */
export async function computeCode(
  plan: CodePlan,
  content: readonly Uint8Array[],
  input: SignInput,
): Promise<Uint8Array> {
  const [code, ...more] = await computeCodes(plan, content, input);
  if (code === undefined || more.length > 0) {
    throw new TypeError("This scheme carries one signature: give one secret to sign with.");
  }
  return code;
}
