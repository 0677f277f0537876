import { rejected } from "./verdict.ts";
import type { Rejected } from "./verdict.ts";

/** Headers as a `Headers`, as `[name, value]` pairs, or as Node's `request.headers`. */
export type HeaderSource =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A web `Request` or Node's `IncomingMessage`: anything that carries headers. */
export interface WithHeaders {
  readonly headers: HeaderSource;
}

/** The three header values, each sent once. */
interface SignatureHeaders {
  readonly kind: "found";
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

const families = ["svix", "webhook"] as const;
type Family = (typeof families)[number];

type Values = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `svix-*` where all three are there, else `webhook-*`: the order in which Svix's libraries look, so that
 * a request with both sets means the same to both.
 */
export function readSignatureHeaders(
  from: HeaderSource | WithHeaders,
): SignatureHeaders | Rejected {
  const values = collectValues(isWithHeaders(from) ? from.headers : from);
  const complete = families.find((family) => missingNames(values, family).length === 0);
  if (complete === undefined) return missing(values);
  return readFamily(values, complete);
}

function readFamily(values: Values, family: Family): SignatureHeaders | Rejected {
  const [id, ...moreIds] = values.get(`${family}-id`) ?? [];
  const [timestamp, ...moreTimestamps] = values.get(`${family}-timestamp`) ?? [];
  const [signature, ...moreSignatures] = values.get(`${family}-signature`) ?? [];
  if (id === undefined || timestamp === undefined || signature === undefined) {
    return missing(values);
  }
  // Which of two would be checked and which be used differs by framework, so neither is.
  if (moreIds.length > 0) return rejected("malformed-id", sentTwice(`${family}-id`));
  if (moreTimestamps.length > 0) {
    return rejected("malformed-timestamp", sentTwice(`${family}-timestamp`));
  }
  if (moreSignatures.length > 0) {
    return rejected("malformed-signature-header", sentTwice(`${family}-signature`));
  }
  return { kind: "found", id, timestamp, signature };
}

function sentTwice(name: string): string {
  return `The header ${name} is there more than once: a proxy on the way may repeat it.`;
}

function missing(values: Values): Rejected {
  const svixStarted = missingNames(values, "svix").length < 3;
  const webhookStarted = missingNames(values, "webhook").length < 3;
  const names = missingNames(values, svixStarted && !webhookStarted ? "svix" : "webhook");
  return rejected(
    "missing-header",
    `The request lacks ${names.join(", ")}: it is no Standard Webhooks delivery, or a proxy removed headers.`,
  );
}

function missingNames(values: Values, family: Family): readonly string[] {
  const names = [`${family}-id`, `${family}-timestamp`, `${family}-signature`];
  return names.filter((name) => (values.get(name) ?? []).every((value) => value.trim() === ""));
}

function collectValues(source: HeaderSource): Values {
  const values = new Map<string, string[]>();
  for (const [name, value] of isIterable(source) ? source : Object.entries(source)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const list = values.get(key) ?? [];
    list.push(...(typeof value === "string" ? [value] : value));
    values.set(key, list);
  }
  return values;
}

function isIterable(source: HeaderSource): source is Iterable<readonly [string, string]> {
  return Symbol.iterator in source;
}

/** A header may itself be called "headers", but its value is never a plain object or a `Headers`. */
function isWithHeaders(from: HeaderSource | WithHeaders): from is WithHeaders {
  if (!("headers" in from)) return false;
  const { headers } = from;
  if (typeof headers !== "object") return false;
  return !Array.isArray(headers) || Array.isArray(headers[0]);
}
