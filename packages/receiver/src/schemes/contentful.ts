import { decodeHex, encodeHex, utf8 } from "../bytes.ts";
import { computeCode, matchCode } from "../checks/computed.ts";
import type { CodePlan } from "../checks/computed.ts";
import { calledUrl, signedUrlField, urlToSign } from "../checks/called-url.ts";
import { headerOnce } from "../checks/header-once.ts";
import { parseTime } from "../checks/timestamp.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const signatureHeader = "x-contentful-signature";
const namesHeader = "x-contentful-signed-headers";
const timeHeader = "x-contentful-timestamp";
const plan: CodePlan = { hash: "SHA-256", key: "text" };
const maxNames = 64;

/** Code of its own: signed are method, escaped path, the headers that the request names, and the body. */
const canonicalRequest: Check = {
  kind: "hmac",
  coversBody: true,
  verify: verifyContentful,
  sign: signContentful,
};

export const contentful: Scheme = {
  name: "contentful",
  title: "Contentful",
  docs: "https://www.contentful.com/developers/docs/webhooks/request-verification/",
  check: canonicalRequest,
  event: {
    id: { header: "x-contentful-webhook-request-id" },
    type: { header: "x-contentful-topic" },
  },
  defaultToleranceSeconds: 30,
  toleranceExclusive: true,
  config: [signedUrlField],
};

function verifyContentful(input: CheckInput): Rejected | Promise<Checked | Rejected> {
  const { method, url: requestUrl, headers, body } = input.request;
  const [text, names, time] = [signatureHeader, namesHeader, timeHeader].map((name) =>
    headerOnce(name, headers),
  );
  if (typeof text !== "string") return text ?? malformed;
  if (typeof names !== "string") return names ?? malformed;
  if (typeof time !== "string") return time ?? malformed;
  const signature = decodeHex(text);
  const timestampMs = parseTime("milliseconds", time);
  if (signature?.length !== 32 || timestampMs === undefined) return malformed;
  const url = calledUrl({ url: requestUrl, config: input.config });
  if (typeof url === "object") return url;
  const path = signedPath(url);
  const named = names.split(",").map((name) => name.trim().toLowerCase());
  // A time or a list of names that is not signed could be put in by whoever has one delivery.
  const isWhole = named.includes(timeHeader) && named.includes(namesHeader);
  if (path === undefined || named.length > maxNames || !isWhole) return malformed;
  const values = new Map<string, string>();
  for (const name of named) {
    const value = headerOnce(name, headers);
    if (typeof value !== "string") return value;
    values.set(name, value);
  }
  const contents = [[utf8(preamble(method, path, values)), body]];
  return matchCode(plan, { signatures: [signature], contents, timestampMs }, input);
}

async function signContentful(input: SignInput): Promise<SignOutput> {
  const url = urlToSign(input);
  const path = signedPath(url);
  if (path === undefined) throw new TypeError("The URL cannot be escaped: it is not well formed.");
  const time = String(Math.floor(input.timestampMs));
  const id = "x-contentful-webhook-request-id";
  const names = [namesHeader, timeHeader, id].toSorted().join(",");
  const values = new Map([
    [namesHeader, names],
    [timeHeader, time],
    [id, input.id],
  ]);
  const content = [utf8(preamble(input.method, path, values)), input.body];
  const code = await computeCode(plan, content, input);
  return { headers: { ...Object.fromEntries(values), [signatureHeader]: encodeHex(code) } };
}

/** All that is signed before the body: its lines, each with its end. */
function preamble(method: string, path: string, values: ReadonlyMap<string, string>): string {
  const lines = Array.from(values)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}`);
  return `${method}\n${path}\n${lines.join(";")}\n`;
}

/** The path, and the query escaped as one text; then both once more, as Contentful's own library has it. */
function signedPath(url: string): string | undefined {
  const [bare = ""] = url.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split("#");
  const [path = "", search = ""] = bare.split("?");
  const whole = path === "" ? "/" : path;
  try {
    return encodeURI(search === "" ? whole : `${whole}?${encodeURIComponent(search)}`);
  } catch {
    // A lone surrogate.
    return undefined;
  }
}

const malformed = rejected(
  "malformed",
  "The signature, its time or its list of headers is not in Contentful's form.",
);
