import { constantTimeEqual } from "../bytes.ts";
import { derivePublicKey } from "../generate.ts";
import type { HeaderValues } from "../header-source.ts";
import type { Check, CheckInput, Checked, SignInput, SignOutput } from "../scheme.ts";
import type { Secret } from "../secret.ts";
import { parseSignatureHeader } from "../signature-header.ts";
import type { SignatureEntry } from "../signature-header.ts";
import { formatSignature, isWebhookId, joinPrefix, signedBytes } from "../signed-content.ts";
import type { SignatureVersion } from "../signed-content.ts";
import { rejected, sentTwice } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { mismatch } from "./mismatch.ts";
import { standardKeys } from "./standard-keys.ts";
import type { StandardKey, StandardKeyForm } from "./standard-keys.ts";
import { parseTime } from "./timestamp.ts";

/** Standard Webhooks 1.0.0, under one of its two sets of header names. */
export interface StandardPlan {
  /** The set that is looked for first, and that `sign` writes. */
  readonly family: Family;
  readonly key: StandardKeyForm;
}

export type Family = "svix" | "webhook";

const families = ["svix", "webhook"] as const;

export function standard(plan: StandardPlan): Check & { readonly plan: StandardPlan } {
  return {
    kind: "standard-webhooks",
    plan,
    coversBody: true,
    verify: (input) => verifyStandard(plan, input),
    sign: (input) => signStandard(plan, input),
  };
}

async function verifyStandard(plan: StandardPlan, input: CheckInput): Promise<Checked | Rejected> {
  const keys = standardKeys(plan.key, input.secrets);
  if (keys.kind === "rejected") return keys;
  const headers = readHeaders(plan, input.request.headers);
  if (headers.kind === "rejected") return headers;
  const { id, timestamp } = headers;
  if (!isWebhookId(id)) return rejected("malformed", malformedId);
  const timestampMs = parseTime("seconds", timestamp);
  if (timestampMs === undefined) return rejected("malformed", malformedTimestamp);
  const parsed = parseSignatureHeader(headers.signature, versionsOf(keys.keys));
  if (parsed.kind === "rejected") return parsed;

  const data = joinPrefix(`${id}.${timestamp}.`, input.request.body);
  const match = await findMatch(parsed.entries, keys.keys, data, input);
  if (match === undefined) return mismatch;
  return { kind: "checked", timestampMs, eventId: id, ...match };
}

interface StandardHeaders {
  readonly kind: "found";
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

/**
 * Reads `svix-*` where all three are there, else `webhook-*`: the order in which Svix's libraries look, so that
 * a request with both sets means the same to both.
 */
function readHeaders(plan: StandardPlan, headers: HeaderValues): StandardHeaders | Rejected {
  const lacking = (family: Family): readonly string[] =>
    namesOf(family).filter((name) => headers(name).every((value) => value.trim() === ""));
  const family = families.find((each) => lacking(each).length === 0);
  if (family === undefined) {
    const other = plan.family === "svix" ? "webhook" : "svix";
    const started = lacking(plan.family).length === 3 && lacking(other).length < 3;
    return missing(lacking(started ? other : plan.family));
  }
  const [id = "", timestamp = "", signature = ""] = namesOf(family).map(
    (name) => headers(name)[0] ?? "",
  );
  const twice = namesOf(family).find((name) => headers(name).length > 1);
  return twice === undefined ? { kind: "found", id, timestamp, signature } : sentTwice(twice);
}

function namesOf(family: Family): readonly string[] {
  return [`${family}-id`, `${family}-timestamp`, `${family}-signature`];
}

function missing(names: readonly string[]): Rejected {
  return rejected(
    "missing-header",
    `The request lacks ${names.join(", ")}: it is no Standard Webhooks delivery, or a proxy removed headers.`,
  );
}

function versionsOf(keys: readonly StandardKey[]): ReadonlySet<SignatureVersion> {
  return new Set(keys.map(({ secret }) => versionOf(secret)));
}

function versionOf(secret: Secret): SignatureVersion {
  return secret.kind === "hmac" ? "v1" : "v1a";
}

interface Match {
  readonly version: SignatureVersion;
  readonly secretIndex: number;
}

/** Tries every secret: stopping at the first match would tell by its duration which one it was. */
async function findMatch(
  entries: readonly SignatureEntry[],
  keys: readonly StandardKey[],
  data: Uint8Array,
  input: CheckInput,
): Promise<Match | undefined> {
  let match: Match | undefined;
  for (const { secret, secretIndex } of keys) {
    const version = versionOf(secret);
    const candidates = entries.filter((entry) => entry.version === version);
    if (candidates.length === 0) continue;
    if (await matchesAny(candidates, secret, data, input)) match ??= { version, secretIndex };
  }
  return match;
}

async function matchesAny(
  entries: readonly SignatureEntry[],
  secret: Secret,
  data: Uint8Array,
  { crypto }: CheckInput,
): Promise<boolean> {
  if (secret.kind === "hmac") {
    const expected = await crypto.hmac("SHA-256", secret.key, [data]);
    return entries.filter(({ signature }) => constantTimeEqual(signature, expected)).length > 0;
  }
  const key = secret.kind === "ed25519-public" ? secret : await derivePublicKey(secret, crypto);
  let matched = false;
  for (const { signature } of entries) {
    if (await crypto.verifyEd25519(key.publicKey, signature, data)) matched = true;
  }
  return matched;
}

async function signStandard(plan: StandardPlan, input: SignInput): Promise<SignOutput> {
  const keys = standardKeys(plan.key, input.secrets);
  if (keys.kind === "rejected") throw new TypeError(keys.detail);
  const seconds = Math.floor(input.timestampMs / 1000);
  const data = signedBytes(input.id, seconds, input.body);
  const signatures = await Promise.all(keys.keys.map(({ secret }) => signOne(secret, data, input)));
  const [id = "", timestamp = "", signature = ""] = namesOf(plan.family);
  return {
    headers: { [id]: input.id, [timestamp]: String(seconds), [signature]: signatures.join(" ") },
  };
}

async function signOne(secret: Secret, data: Uint8Array, { crypto }: SignInput): Promise<string> {
  switch (secret.kind) {
    case "hmac":
      return formatSignature("v1", await crypto.hmac("SHA-256", secret.key, [data]));
    case "ed25519-private":
      return formatSignature("v1a", await crypto.signEd25519(secret.seed, data));
    case "ed25519-public":
      throw new TypeError("A whpk_ key only verifies: sign with its whsk_ key.");
  }
}

const malformedId = "The id must be printable ASCII without spaces and full stops, sent once.";
const malformedTimestamp = "The timestamp must be whole seconds in decimal digits, sent once.";
