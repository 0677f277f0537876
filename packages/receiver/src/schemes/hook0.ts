import { constantTimeEqual, decodeHex, encodeHex, utf8 } from "../bytes.ts";
import { headerOnce } from "../checks/header-once.ts";
import { keyBytes } from "../checks/key-form.ts";
import { mismatch } from "../checks/mismatch.ts";
import { formatTime, parseTime } from "../checks/timestamp.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import type { SecretInput } from "../secret-input.ts";
import { rejected, sentTwice } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const header = "x-hook0-signature";

/** Code of its own: the signature names the headers that it covers. With `v1` there, `v0` counts for nothing. */
const covering: Check = { kind: "hmac", coversBody: true, verify: verifyHook0, sign: signHook0 };

export const hook0: Scheme = {
  name: "hook0",
  title: "Hook0",
  docs: "https://documentation.hook0.com/tutorials/webhook-authentication",
  check: covering,
  event: { id: { header: "x-event-id" }, type: { header: "x-event-type" } },
  defaultToleranceSeconds: 300,
};

async function verifyHook0(input: CheckInput): Promise<Checked | Rejected> {
  const parts = readParts(input);
  if ("kind" in parts) return parts;
  const { t: timestamp = "", h: names, v0, v1 } = parts;
  const timestampMs = parseTime("seconds", timestamp);
  const code = decodeHex(v1 ?? v0 ?? "");
  if (timestampMs === undefined || code?.length !== 32) {
    return rejected(
      "malformed",
      `The header ${header} has no t in seconds, or no v0 or v1 in hex.`,
    );
  }
  const prefix = v1 === undefined ? `${timestamp}.` : coveredPrefix(timestamp, names ?? "", input);
  if (typeof prefix === "object") return prefix;
  let secretIndex = -1;
  for (const [index, secret] of input.secrets.entries()) {
    const expected = await codeOf(prefix, input.request.body, secret, input);
    if ("kind" in expected) return expected;
    if (constantTimeEqual(expected, code) && secretIndex < 0) secretIndex = index;
  }
  return secretIndex < 0 ? mismatch : { kind: "checked", secretIndex, timestampMs };
}

type Parts = Readonly<Partial<Record<"t" | "h" | "v0" | "v1", string>>>;

function readParts({ request }: CheckInput): Parts | Rejected {
  const value = headerOnce(header, request.headers);
  if (typeof value === "object") return value;
  const parts = new Map<string, string>();
  for (const entry of value.split(",")) {
    const equals = entry.indexOf("=");
    const name = entry.slice(0, Math.max(0, equals));
    if (parts.has(name) || entry.startsWith(" ")) return sentTwice(header);
    parts.set(name, entry.slice(equals + 1));
  }
  return Object.fromEntries(parts);
}

/** Every covered header must be there once: a gap would let values move between names. */
function coveredPrefix(timestamp: string, names: string, input: CheckInput): string | Rejected {
  const values: string[] = [];
  for (const name of names === "" ? [] : names.split(" ")) {
    const value = headerOnce(name.toLowerCase(), input.request.headers);
    if (typeof value === "object") return value;
    values.push(value);
  }
  return `${timestamp}.${names}.${values.join(".")}.`;
}

async function codeOf(
  prefix: string,
  body: Uint8Array,
  secret: SecretInput,
  { crypto }: Pick<CheckInput, "crypto">,
): Promise<Uint8Array | Rejected> {
  const key = await keyBytes("text", secret, crypto);
  return "kind" in key ? key : crypto.hmac("SHA-256", key, [utf8(prefix), body]);
}

async function signHook0(input: SignInput): Promise<SignOutput> {
  const [secret, ...more] = input.secrets;
  if (secret === undefined || more.length > 0) throw new TypeError("Give one secret to sign with.");
  const timestamp = formatTime("seconds", input.timestampMs);
  const prefix = `${timestamp}.x-event-id.${input.id}.`;
  const code = await codeOf(prefix, input.body, secret, input);
  if ("kind" in code) throw new TypeError(code.detail);
  return { headers: { [header]: `t=${timestamp},h=x-event-id,v1=${encodeHex(code)}` } };
}
