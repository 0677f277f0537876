import { bodyBytes, constantTimeEqual } from "./bytes.ts";
import type { RawBody } from "./bytes.ts";
import type { CryptoProvider } from "./crypto-provider.ts";
import { derivePublicKey } from "./generate.ts";
import { readSignatureHeaders } from "./header-source.ts";
import type { HeaderSource, WithHeaders } from "./header-source.ts";
import type { Secret } from "./secret.ts";
import { asList, resolveSecret } from "./secret-input.ts";
import type { SecretInput } from "./secret-input.ts";
import { parseSignatureHeader } from "./signature-header.ts";
import type { SignatureEntry } from "./signature-header.ts";
import { isWebhookId, joinPrefix, parseTimestamp } from "./signed-content.ts";
import type { SignatureVersion } from "./signed-content.ts";
import { rejected } from "./verdict.ts";
import type { Rejected, Verdict } from "./verdict.ts";
import { webCrypto } from "./web-crypto.ts";

export interface VerifyOptions {
  /** How far the timestamp may lie in the past or the future; `Infinity` for no limit. @default 300 */
  readonly toleranceSeconds?: number;
  /** The receiver's clock, in seconds since 1970. @default now */
  readonly nowSeconds?: number;
  /** @default WebCrypto */
  readonly crypto?: CryptoProvider;
}

/** A web `Request`, of which only the headers and the unread body are used. */
export interface RequestWithBody extends WithHeaders {
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Checks a webhook over the bytes that arrived. Give the body before any parser touched it, and every secret
 * that is valid now: the webhook is genuine when any signature matches any of them.
 */
export async function verify(
  from: HeaderSource | WithHeaders,
  rawBody: RawBody,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions = {},
): Promise<Verdict> {
  const { crypto = webCrypto } = options;
  const keys = usableKeys(asList(secrets));
  if (keys.kind === "rejected") return keys;
  const body = bodyBytes(rawBody);
  if (body === undefined) return rejected("body-already-parsed", parsedBody);

  const headers = readSignatureHeaders(from);
  if (headers.kind === "rejected") return headers;
  const { id, timestamp } = headers;
  if (!isWebhookId(id)) return rejected("malformed-id", malformedId);
  const timestampSeconds = parseTimestamp(timestamp);
  if (timestampSeconds === undefined) return rejected("malformed-timestamp", malformedTimestamp);
  const parsed = parseSignatureHeader(headers.signature, checkableVersions(keys.secrets));
  if (parsed.kind === "rejected") return parsed;

  const data = joinPrefix(`${id}.${timestamp}.`, body);
  const match = await findMatch(parsed.entries, keys.secrets, data, crypto);
  if (match === undefined) return rejected("signature-mismatch", mismatch(rawBody));
  // After the signature: a stranger learns nothing about this clock.
  const untimely = judgeAge(timestampSeconds, options);
  return untimely ?? { kind: "verified", id, timestampSeconds, ...match, body };
}

/** Reads the body of a web `Request` and checks it; the verdict hands the bytes on. */
export async function verifyRequest(
  request: RequestWithBody,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions = {},
): Promise<Verdict> {
  if (request.bodyUsed) return rejected("body-already-parsed", readBody);
  return verify(request, await request.arrayBuffer(), secrets, options);
}

interface Keys {
  readonly kind: "keys";
  readonly secrets: readonly Secret[];
}

function usableKeys(inputs: readonly SecretInput[]): Keys | Rejected {
  if (inputs.length === 0) return rejected("bad-secret", "No secret was given: give at least one.");
  const secrets: Secret[] = [];
  for (const [index, input] of inputs.entries()) {
    const parsed = resolveSecret(input);
    if (parsed.kind === "malformed") {
      const which = inputs.length === 1 ? "" : `Secret ${index + 1} of ${inputs.length}: `;
      return rejected("bad-secret", which + parsed.detail);
    }
    secrets.push(parsed.secret);
  }
  return { kind: "keys", secrets };
}

function checkableVersions(secrets: readonly Secret[]): ReadonlySet<SignatureVersion> {
  return new Set(secrets.map((secret) => (secret.kind === "hmac" ? "v1" : "v1a")));
}

interface Match {
  readonly version: SignatureVersion;
  readonly secretIndex: number;
}

/** Tries every secret: stopping at the first match would tell by its duration which one it was. */
async function findMatch(
  entries: readonly SignatureEntry[],
  secrets: readonly Secret[],
  data: Uint8Array,
  crypto: CryptoProvider,
): Promise<Match | undefined> {
  let match: Match | undefined;
  for (const [secretIndex, secret] of secrets.entries()) {
    const version = secret.kind === "hmac" ? "v1" : "v1a";
    const candidates = entries.filter((entry) => entry.version === version);
    if (candidates.length === 0) continue;
    if (await matchesAny(candidates, secret, data, crypto)) match ??= { version, secretIndex };
  }
  return match;
}

async function matchesAny(
  entries: readonly SignatureEntry[],
  secret: Secret,
  data: Uint8Array,
  crypto: CryptoProvider,
): Promise<boolean> {
  if (secret.kind === "hmac") {
    const expected = await crypto.hmac("SHA-256", secret.key, data);
    return entries.filter(({ signature }) => constantTimeEqual(signature, expected)).length > 0;
  }
  const key = secret.kind === "ed25519-public" ? secret : await derivePublicKey(secret, crypto);
  let matched = false;
  for (const { signature } of entries) {
    if (await crypto.verifyEd25519(key.publicKey, signature, data)) matched = true;
  }
  return matched;
}

function judgeAge(timestampSeconds: number, options: VerifyOptions): Rejected | undefined {
  const { toleranceSeconds = 300, nowSeconds = Math.floor(Date.now() / 1000) } = options;
  // Also for NaN, with which every comparison below would be false and every age pass.
  if (!(toleranceSeconds >= 0) || Number.isNaN(nowSeconds)) {
    throw new TypeError("toleranceSeconds and nowSeconds must be numbers, and neither negative.");
  }
  const ageSeconds = nowSeconds - timestampSeconds;
  if (ageSeconds > toleranceSeconds) {
    return rejected(
      "timestamp-too-old",
      `The signature is genuine and ${ageSeconds} s old, and ${toleranceSeconds} s are allowed: it arrived late, ` +
        "was replayed, or this machine's clock is fast.",
    );
  }
  if (-ageSeconds > toleranceSeconds) {
    return rejected(
      "timestamp-too-new",
      `The signature is genuine and ${-ageSeconds} s from the future, and ${toleranceSeconds} s are allowed: ` +
        "a clock is wrong, or the sender counts in milliseconds.",
    );
  }
  return undefined;
}

const parsedBody =
  "The raw body is needed as bytes or text, and something else was given: verify before any JSON middleware runs " +
  "(express.raw, a raw body parser, or request.arrayBuffer).";
const readBody =
  "The request's body was read before: verify first, and parse the bytes that the verdict hands on.";
const malformedId = "The id must be printable ASCII without spaces and full stops, sent once.";
const malformedTimestamp = "The timestamp must be whole seconds in decimal digits, sent once.";

function mismatch(rawBody: RawBody): string {
  const base =
    "No signature matches: either the secret is another endpoint's (or was rotated), or the body is not byte for " +
    "byte the one that was sent (parsed and serialised again, trimmed, or decompressed).";
  return typeof rawBody === "string"
    ? `${base} The body was given as text, which loses a byte order mark and bytes that are no UTF-8: give the bytes.`
    : base;
}
