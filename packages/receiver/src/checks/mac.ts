import { constantTimeEqual } from "../bytes.ts";
import type { HashName } from "../crypto-provider.ts";
import type { Check, CheckInput, Checked, MaybePromise, SignInput, SignOutput } from "../scheme.ts";
import type { SecretInput } from "../secret-input.ts";
import type { Rejected } from "../verdict.ts";
import { contentChunks, parseContent } from "./content.ts";
import type { Content, ContentFields } from "./content.ts";
import { readEnvelope, writeEnvelope } from "./envelope.ts";
import type { EnvelopePlan } from "./envelope.ts";
import { keyBytes } from "./key-form.ts";
import type { KeyForm } from "./key-form.ts";
import { mismatch } from "./mismatch.ts";

/** A code over the request that sender and receiver compute alike. */
export interface MacPlan extends EnvelopePlan {
  readonly hash: HashName;
  /** @default "text" */
  readonly key?: KeyForm;
  /** `digest`: a plain hash over a content that holds `{secret}`. @default "hmac" */
  readonly construction?: "digest";
}

const digestBytes = { "SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 } as const;

/** Checks an HMAC, or a plain hash that covers the secret. */
export function mac(plan: MacPlan): Check & { readonly plan: MacPlan } {
  const content = parseContent(plan.content ?? "{body}");
  return {
    kind: plan.construction ?? "hmac",
    plan,
    coversBody: content.needs.has("body"),
    verify: (input) => verifyMac(plan, content, input),
    sign: (input) => signMac(plan, content, input),
  };
}

function verifyMac(
  plan: MacPlan,
  content: Content,
  input: CheckInput,
): MaybePromise<Checked | Rejected> {
  const envelope = readEnvelope(plan, content, input, digestBytes[plan.hash]);
  if (envelope.kind === "rejected") return envelope;
  const { signatures, timestampMs, fields } = envelope;
  const codes = input.secrets.map((secret) => codeOf(plan, content, { input, fields, secret }));
  const judge = (computed: readonly (Uint8Array | Rejected)[]): Checked | Rejected => {
    const bad = computed.find(isRejected);
    if (bad !== undefined) return bad;
    const secretIndex = matchingSecret(signatures, computed);
    return secretIndex < 0 ? mismatch : { kind: "checked", secretIndex, timestampMs };
  };
  if (codes.every(isSettled)) return judge(codes);
  const [only] = codes;
  return codes.length === 1 && only instanceof Promise
    ? only.then((code) => judge([code]))
    : Promise.all(codes.map(async (code) => code)).then(judge);
}

/** Compares all of them: stopping at the first match would tell by its duration which secret it was. */
function matchingSecret(
  signatures: readonly Uint8Array[],
  computed: readonly (Uint8Array | Rejected)[],
): number {
  let matching = -1;
  for (const [index, code] of computed.entries()) {
    if (isRejected(code)) continue;
    for (const signature of signatures) {
      if (constantTimeEqual(signature, code) && matching < 0) matching = index;
    }
  }
  return matching;
}

function isSettled(code: MaybePromise<Uint8Array> | Rejected): code is Uint8Array | Rejected {
  return !(code instanceof Promise);
}

function isRejected(value: Uint8Array | Rejected): value is Rejected {
  return "kind" in value;
}

interface CodeInput {
  readonly input: Pick<CheckInput, "crypto">;
  readonly fields: ContentFields;
  readonly secret: SecretInput;
}

function codeOf(
  plan: MacPlan,
  content: Content,
  { input, fields, secret }: CodeInput,
): MaybePromise<Uint8Array> | Rejected {
  const { crypto } = input;
  const key = keyBytes(plan.key ?? "text", secret, crypto);
  if ("kind" in key) return key;
  const compute = (bytes: Uint8Array): MaybePromise<Uint8Array> =>
    plan.construction === undefined
      ? crypto.hmac(plan.hash, bytes, contentChunks(content, fields))
      : crypto.digest(plan.hash, contentChunks(content, { ...fields, secret: bytes }));
  return key instanceof Promise ? key.then(compute) : compute(key);
}

async function signMac(plan: MacPlan, content: Content, input: SignInput): Promise<SignOutput> {
  const envelope = writeEnvelope(plan, content, input);
  const { fields } = envelope;
  const codes = input.secrets.map(async (secret) => {
    const code = await codeOf(plan, content, { input, fields, secret });
    if (isRejected(code)) throw new TypeError(code.detail);
    return code;
  });
  return { headers: envelope.headers(await Promise.all(codes)) };
}
