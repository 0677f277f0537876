import { utf8Text } from "./bytes.ts";
import type { CryptoProvider } from "./crypto-provider.ts";
import { diagnose } from "./diagnose.ts";
import { isSigned, parseJson, readEvent } from "./event-places.ts";
import { inflate, isGzip } from "./inflate.ts";
import { platformCrypto } from "./platform-crypto.ts";
import { viewRequest } from "./request.ts";
import type { InboundRequest, RequestView } from "./request.ts";
import type {
  Checked,
  CheckInput,
  KeyResolver,
  MaybePromise,
  Scheme,
  SchemeConfig,
} from "./scheme.ts";
import { asList } from "./secret-input.ts";
import type { SecretInput } from "./secret-input.ts";
import { rejected } from "./verdict.ts";
import type { Rejected, Verdict } from "./verdict.ts";

export interface VerifyOptions {
  /** How far the signed time may lie in the past or the future; `Infinity` for no limit. @default the scheme's */
  readonly toleranceSeconds?: number | undefined;
  /** The receiver's clock, in seconds since 1970. @default now */
  readonly nowSeconds?: number | undefined;
  /** What the scheme wants to be told beside the secret: see its `config`. */
  readonly config?: SchemeConfig | undefined;
  /** Finds the key that a request names, where the scheme has keys of that kind. */
  readonly resolveKey?: KeyResolver | undefined;
  /** Other secrets of yours, by a label: a mismatch says so when one of them fits. */
  readonly knownSecrets?: Readonly<Record<string, SecretInput>> | undefined;
  /** Looks for the cause of a mismatch, which costs about twenty checks. @default true */
  readonly diagnose?: boolean | undefined;
  /** @default the platform's: WebCrypto, and `node:crypto` for hashes where it is there */
  readonly crypto?: CryptoProvider | undefined;
}

/** A web `Request`, of which the body must be unread. */
export interface RequestWithBody {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly bodyUsed: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Checks a webhook over the bytes that arrived. Give the body before any parser touched it, and every secret
 * that is valid now: the webhook is genuine when any signature matches any of them. Whatever the request holds,
 * the answer is a verdict; a TypeError means options that no request could change.
 */
export async function verify(
  scheme: Scheme,
  request: InboundRequest,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions = {},
): Promise<Verdict> {
  const found = checkInput(scheme, request, secrets, options);
  // Each promise that is waited for costs a turn, and with a synchronous crypto provider there are none.
  const input = found instanceof Promise ? await found : found;
  if ("kind" in input) return input;
  const verdict = judge(scheme, input, options);
  return verdict instanceof Promise ? await verdict : verdict;
}

/** Reads the body of a web `Request` and checks it; the verdict hands the bytes on. */
export async function verifyRequest(
  scheme: Scheme,
  request: RequestWithBody,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions = {},
): Promise<Verdict> {
  if (request.bodyUsed) return rejected("body-already-parsed", readBody);
  const { method, url, headers } = request;
  const body = await request.arrayBuffer();
  return verify(scheme, { method, url, headers, body }, secrets, options);
}

/** What a check reads, or why there is nothing to check. */
export function checkInput(
  scheme: Scheme,
  request: InboundRequest,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions,
): CheckInput | Rejected | Promise<CheckInput | Rejected> {
  const { toleranceSeconds = 0, nowSeconds = Math.floor(Date.now() / 1000) } = options;
  // Also for NaN, with which every comparison would be false and every age pass.
  if (!(toleranceSeconds >= 0) || Number.isNaN(nowSeconds)) {
    throw new TypeError("toleranceSeconds and nowSeconds must be numbers, and neither negative.");
  }
  const view = viewRequest(request);
  if (view === undefined) return rejected("body-already-parsed", parsedBody);
  const { config = {}, crypto = platformCrypto, resolveKey } = options;
  const list = asList(secrets);
  const input = (request: RequestView): CheckInput => {
    return { request, secrets: list, config, crypto, resolveKey, nowMs: nowSeconds * 1000 };
  };
  if (scheme.compression !== "inflate" || !isGzip(view.body)) return input(view);
  return inflate(view.body).then((body) =>
    body === undefined
      ? rejected("malformed", "The body looks compressed, and is cut off or too large.")
      : input({ ...view, body }),
  );
}

export function judge(
  scheme: Scheme,
  input: CheckInput,
  options: VerifyOptions,
): MaybePromise<Verdict> {
  if (input.secrets.length === 0 && input.resolveKey === undefined) {
    return rejected("bad-secret", "No secret was given: give at least one.");
  }
  const outcome = scheme.check.verify(input);
  return outcome instanceof Promise
    ? outcome.then((checked) => conclude(scheme, input, checked, options))
    : conclude(scheme, input, outcome, options);
}

function conclude(
  scheme: Scheme,
  input: CheckInput,
  checked: Checked | Rejected,
  options: VerifyOptions,
): MaybePromise<Verdict> {
  if (checked.kind === "rejected") {
    const unexplained = checked.reason === "signature" && checked.diagnosis === undefined;
    if (!unexplained || options.diagnose === false) return checked;
    return diagnose(scheme, input, checked, options.knownSecrets ?? {});
  }
  const problem = judgeAge(scheme, checked, input, options) ?? judgeBody(scheme, input.request);
  return problem ?? verified(scheme, checked, input.request);
}

function verified(scheme: Scheme, checked: Checked, request: RequestView): Verdict {
  const { check, event } = scheme;
  const { id, type } = readEvent(event, request);
  const { timestampMs, eventId, version, secretIndex } = checked;
  return {
    kind: "verified",
    scheme: scheme.name,
    eventId: eventId ?? id,
    eventIdSigned: eventId !== undefined || isSigned(event.id, check.coversBody),
    eventType: type,
    timestampSeconds: timestampMs === undefined ? undefined : timestampMs / 1000,
    version,
    secretIndex,
    body: request.body,
  };
}

/** After the signature: a stranger learns nothing about this clock. */
function judgeAge(
  scheme: Scheme,
  { timestampMs }: Checked,
  { nowMs }: CheckInput,
  options: VerifyOptions,
): Rejected | undefined {
  const { toleranceSeconds = scheme.defaultToleranceSeconds } = options;
  if (timestampMs === undefined) return undefined;
  const offsetSeconds = (nowMs - timestampMs) / 1000;
  const distance = Math.abs(offsetSeconds);
  const atEdge = scheme.toleranceExclusive === true && distance === toleranceSeconds;
  if (distance <= toleranceSeconds && !atEdge) return undefined;
  const seconds = Math.ceil(distance);
  const detail =
    offsetSeconds > 0
      ? `The signature is genuine and ${seconds} s old, and ${toleranceSeconds} s are allowed: it arrived late, ` +
        "was replayed, or this machine's clock is fast."
      : `The signature is genuine and ${seconds} s from the future, and ${toleranceSeconds} s are allowed: ` +
        "a clock is wrong.";
  return rejected("timestamp", detail, { kind: "clock", offsetSeconds });
}

function judgeBody(scheme: Scheme, { body }: RequestView): Rejected | undefined {
  if (scheme.body !== "json") return undefined;
  const text = utf8Text(body);
  if (text !== undefined && parseJson(text) !== undefined) return undefined;
  return rejected("malformed", "The body is no JSON, and this scheme's always are.");
}

const parsedBody =
  "The raw body is needed as bytes or text, and something else was given: verify before any JSON middleware runs " +
  "(express.raw, a raw body parser, or request.arrayBuffer).";
const readBody =
  "The request's body was read before: verify first, and parse the bytes that the verdict hands on.";
