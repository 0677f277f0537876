import type { TextEncoding } from "../diagnosis.ts";
import type { HeaderValues } from "../header-source.ts";
import { missingHeader, rejected, sentTwice } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { decode, encode, encodedLength } from "./encoding.ts";
import type { Encoding } from "./encoding.ts";

/** The header that carries signatures, and its form. Names are in lower case. */
export interface SignatureCarrier {
  readonly header: string;
  readonly encoding: Encoding;
  /** What stands before the signature. */
  readonly prefix?: string;
  /** Several signatures (of rotated secrets) stand in one header, with this between them. */
  readonly list?: string;
  /** Further headers, each with the signature of another secret. */
  readonly more?: readonly string[];
  /** The header is a list of `name=value`. */
  readonly parts?: SignatureParts;
}

export interface SignatureParts {
  readonly separator: string;
  readonly signature: string;
  readonly timestamp?: string;
  /** The sender puts spaces behind the separator. */
  readonly spaced?: true;
}

interface Carried {
  readonly kind: "carried";
  readonly signatures: readonly Uint8Array[];
  /** The time that stands beside the signatures, where the carrier has parts. */
  readonly timestamp: string | undefined;
}

// Each entry costs a comparison, or a curve operation per key, and its sender is not known yet.
const maxEntries = 32;

/** Reads the signatures, `bytes` long each (undefined: of any length). */
export function readSignatures(
  carrier: SignatureCarrier,
  headers: HeaderValues,
  bytes: number | undefined,
): Carried | Rejected {
  const values = valuesOf(carrier, headers);
  if (!Array.isArray(values)) return values;
  const [only = ""] = values;
  if (carrier.parts !== undefined) return readParts(carrier, carrier.parts, only);
  const texts = carrier.list === undefined ? values : only.split(carrier.list);
  if (texts.length > maxEntries) return tooMany(carrier.header);
  const signatures: Uint8Array[] = [];
  for (const text of carrier.list === undefined ? texts : unprefixList(carrier, texts)) {
    const bare = carrier.list === undefined ? unprefix(carrier, text) : text;
    if (bare === undefined) return misread(carrier, text, bytes);
    const signature = readOne(carrier.encoding, bare, bytes);
    if (signature === undefined) return misread(carrier, text, bytes);
    signatures.push(signature);
  }
  return { kind: "carried", signatures, timestamp: undefined };
}

function valuesOf(carrier: SignatureCarrier, headers: HeaderValues): string[] | Rejected {
  const values: string[] = [];
  for (const name of [carrier.header, ...(carrier.more ?? [])]) {
    const found = headers(name);
    if (found.length > 1) return sentTwice(name);
    for (const value of found) if (value.trim() !== "") values.push(value);
  }
  return values.length === 0 ? missingHeader(carrier.header) : values;
}

function readParts(
  carrier: SignatureCarrier,
  parts: SignatureParts,
  value: string,
): Carried | Rejected {
  const entries = value.split(parts.separator);
  if (entries.length > maxEntries) return tooMany(carrier.header);
  const signatures: Uint8Array[] = [];
  let timestamp: string | undefined;
  let unread: string | undefined;
  for (const [index, entry] of entries.entries()) {
    const text = parts.spaced === true && index > 0 ? entry.replace(/^ /, "") : entry;
    // A header that came twice is joined with a comma and a space.
    if (text.startsWith(" ") || text.includes(", ")) return sentTwice(carrier.header);
    const equals = text.indexOf("=");
    const name = text.slice(0, Math.max(0, equals));
    const content = text.slice(equals + 1);
    if (name === parts.timestamp) {
      if (timestamp !== undefined) return sentTwice(carrier.header);
      timestamp = content;
    } else if (name === parts.signature) {
      const signature = decode(carrier.encoding, content);
      if (signature === undefined) unread = content;
      else signatures.push(signature);
    }
  }
  if (signatures.length === 0) return noPart(carrier, parts, unread);
  if (timestamp === undefined && parts.timestamp !== undefined) {
    return rejected("malformed", `The header ${carrier.header} has no part ${parts.timestamp}=.`);
  }
  return { kind: "carried", signatures, timestamp };
}

function noPart(
  carrier: SignatureCarrier,
  parts: SignatureParts,
  unread: string | undefined,
): Rejected {
  if (unread !== undefined) return misread(carrier, unread, undefined);
  return rejected(
    "malformed",
    `The header ${carrier.header} has no part ${parts.signature}=, which is the version that this scheme checks.`,
  );
}

function unprefixList(carrier: SignatureCarrier, texts: readonly string[]): readonly string[] {
  const [first = "", ...others] = texts;
  return [unprefix(carrier, first) ?? "", ...others];
}

function unprefix(carrier: SignatureCarrier, text: string): string | undefined {
  const { prefix = "" } = carrier;
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

function readOne(
  encoding: Encoding,
  text: string,
  bytes: number | undefined,
): Uint8Array | undefined {
  // Before decoding: a header may be tens of kilobytes long.
  if (bytes !== undefined && text.length !== encodedLength(encoding, bytes)) return undefined;
  return decode(encoding, text);
}

function tooMany(header: string): Rejected {
  return rejected("malformed", `The header ${header} holds more than ${maxEntries} entries.`);
}

/** Says which slip fits a signature that could not be read. */
function misread(carrier: SignatureCarrier, text: string, bytes: number | undefined): Rejected {
  const { header, encoding, prefix = "" } = carrier;
  if (/, ?./.test(text)) return sentTwice(header);
  if (prefix !== "" && !text.startsWith(prefix)) {
    const detail = `The signature in ${header} does not begin with ${prefix}: was the prefix cut off, or is it another scheme's?`;
    return rejected("malformed", detail, { kind: "signature-prefix", header });
  }
  const bare = text.slice(prefix.length);
  const found = encodingOf(bare, encoding, bytes);
  if (found !== undefined) {
    const detail = `The signature in ${header} is ${found}, and the scheme writes ${encoding}.`;
    return rejected("malformed", detail, { kind: "signature-encoding", header, found });
  }
  if (bytes !== undefined && bare.length < encodedLength(encoding, bytes)) {
    const detail = `The signature in ${header} is shorter than the scheme makes it: it was cut off on the way.`;
    return rejected("malformed", detail, { kind: "truncated-signature", header });
  }
  return rejected("malformed", `The signature in ${header} is no ${encoding} of the right length.`);
}

function encodingOf(
  text: string,
  expected: Encoding,
  bytes: number | undefined,
): TextEncoding | undefined {
  if (bytes === undefined) return undefined;
  const others = (["hex-any", "base64", "base64url"] as const).filter(
    (encoding) => encoding !== expected && text.length === encodedLength(encoding, bytes),
  );
  const found = others.find((encoding) => decode(encoding, text) !== undefined);
  return found === "hex-any" ? "hex" : found;
}

/** The headers that carry `signatures`. A carrier that holds one throws a TypeError for more. */
export function writeSignatures(
  carrier: SignatureCarrier,
  signatures: readonly Uint8Array[],
  timestamp: string | undefined,
): Readonly<Record<string, string>> {
  const { header, encoding, prefix = "", more = [], parts } = carrier;
  const texts = signatures.map((signature) => encode(encoding, signature));
  if (parts !== undefined) {
    const time = parts.timestamp === undefined ? [] : [`${parts.timestamp}=${timestamp ?? ""}`];
    const entries = [...time, ...texts.map((text) => `${parts.signature}=${text}`)];
    return { [header]: entries.join(parts.separator + (parts.spaced === true ? " " : "")) };
  }
  if (carrier.list !== undefined) return { [header]: prefix + texts.join(carrier.list) };
  const names = [header, ...more];
  if (texts.length > names.length) {
    throw new TypeError("This scheme carries one signature: give one secret to sign with.");
  }
  return Object.fromEntries(texts.map((text, index) => [names[index] ?? header, prefix + text]));
}
