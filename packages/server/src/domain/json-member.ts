/**
 * Where a member of a JSON object lies in its bytes. A payload goes on exactly as its publisher
 * wrote it (big integers, decimals, key order, whitespace), so it is cut out and never rebuilt.
 */

/** `end` is the first byte that no longer belongs to the value. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

// A key may start with U+FEFF, which the decoder would otherwise take for a byte order mark.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The bytes of the value of the top-level member `name`; of several, the last, as `JSON.parse`
 * has it. `json` must be the text of a JSON object that `JSON.parse` accepts: for other bytes the
 * answer means nothing, but the search ends and stays within them.
 */
export function findMember(json: Uint8Array, name: string): ByteRange | undefined {
  let at = skipWhitespace(json, skipByteOrderMark(json));
  if (json[at] !== openBrace) return undefined;
  let found: ByteRange | undefined;
  do {
    const key = skipWhitespace(json, at + 1);
    if (json[key] !== quote) return found;
    const keyEnd = skipString(json, key);
    at = skipWhitespace(json, keyEnd);
    if (json[at] !== colon) return found;
    const start = skipWhitespace(json, at + 1);
    const end = skipValue(json, start);
    if (isKey(json, key, keyEnd, name)) found = { start, end };
    at = skipWhitespace(json, end);
  } while (json[at] === comma);
  return found;
}

/**
 * Adds a member to the text of a JSON object, with its value as it is written in `rawJson`. The
 * member comes last, so it wins over one of the same name that the text has already.
 */
export function spliceMember(json: string, name: string, rawJson: string): string {
  const close = json.lastIndexOf("}");
  if (close < 0) throw new TypeError("a member can only be added to a JSON object");
  const head = json.slice(0, close).trimEnd();
  const separator = head.endsWith("{") ? "" : ",";
  return `${head}${separator}${JSON.stringify(name)}:${rawJson}}`;
}

function skipByteOrderMark(json: Uint8Array): number {
  return json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0;
}

function skipWhitespace(json: Uint8Array, from: number): number {
  let at = from;
  while (at < json.length && isWhitespace(json[at])) at += 1;
  return at;
}

function isWhitespace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** `from` is at the opening quote; the answer is behind the closing one. */
function skipString(json: Uint8Array, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  return json.length;
}

function skipValue(json: Uint8Array, from: number): number {
  const first = json[from];
  if (first === quote) return skipString(json, from);
  if (first === openBrace || first === openBracket) return skipContainer(json, from);
  let at = from;
  while (at < json.length && !endsScalar(json[at])) at += 1;
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === comma || byte === closeBrace || byte === closeBracket || isWhitespace(byte);
}

/** Counts brackets instead of calling itself: a payload may nest deeper than the stack. */
function skipContainer(json: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const byte = json[at];
    if (byte === quote) {
      at = skipString(json, at);
      continue;
    }
    at += 1;
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
    if (depth === 0) return at;
  }
  return json.length;
}

/** `start` and `end` include the key's quotes. */
function isKey(json: Uint8Array, start: number, end: number, name: string): boolean {
  const length = end - start - 2;
  // One UTF-16 unit is written in one byte at least and in six (`\u006c`) at most.
  if (length < name.length || length > name.length * 6) return false;
  for (let i = 0; i < length; i += 1) {
    const byte = json[start + 1 + i] ?? 0;
    if (byte === backslash || byte >= 0x80) return isDecodedKey(json.subarray(start, end), name);
    if (byte !== name.charCodeAt(i)) return false;
  }
  return length === name.length;
}

function isDecodedKey(key: Uint8Array, name: string): boolean {
  try {
    return JSON.parse(decoder.decode(key)) === name;
  } catch {
    // Only bytes that are no JSON come here: they are no key either.
    return false;
  }
}
