/** The body of a webhook as its bytes; text is taken as UTF-8. */
export type RawBody = Uint8Array | ArrayBuffer | string;

const encoder = new TextEncoder();
const base64Shape = /^[A-Za-z0-9+/]*={0,2}$/;

/** Up to here a loop beats the encoder, which costs 0.3 µs for any text (November 2026). */
const shortText = 64;

/**
 * The bytes of a body, or undefined when it is not a body any more: an object that a JSON parser made,
 * nothing at all, or text with lone surrogates (they have no UTF-8 form, and encoding them as U+FFFD would
 * let different texts share one signature).
 */
export function bodyBytes(body: unknown): Uint8Array | undefined {
  if (body instanceof Uint8Array) return body;
  if (typeof body === "string") return body.isWellFormed() ? encoder.encode(body) : undefined;
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  return isArrayBuffer(body) ? new Uint8Array(body) : undefined;
}

/** `instanceof` fails for a buffer of another realm, which test runners and sandboxes hand over. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

export function utf8(text: string): Uint8Array {
  if (text.length > shortText) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return encoder.encode(text);
    bytes[at] = code;
  }
  return bytes;
}

/** The text of UTF-8 bytes, a byte order mark included; undefined when they are something else. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The one thing that a fatal decoder throws for.
    return undefined;
  }
}

export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

/** Standard base64 with padding. For keys, signatures and digests: short input only. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Decodes standard base64, with or without its padding. Undefined for any other character: `atob` skips
 * white space and `Buffer.from` skips nearly everything, so that one value would have many spellings.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/=+$/, "");
  if (!base64Shape.test(text) || digits.length % 4 === 1) return undefined;
  if (digits.length !== text.length && text.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(digits), (char) => char.charCodeAt(0));
}

/** Decodes only the one spelling that `encodeBase64` writes. */
export function decodeCanonicalBase64(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text);
  return bytes !== undefined && encodeBase64(bytes) === text ? bytes : undefined;
}

/** Base64 in the URL's alphabet, without padding: what tokens and JWKs are written in. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Decodes only the one spelling that `encodeBase64Url` writes. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (/[+/=]/.test(text)) return undefined;
  const bytes = decodeBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  return bytes !== undefined && encodeBase64Url(bytes) === text ? bytes : undefined;
}

export function encodeHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Decodes lower-case hex; undefined for anything else, where `Buffer.from` would stop half-way. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    const high = digitOf(text.charCodeAt(2 * at));
    const low = digitOf(text.charCodeAt(2 * at + 1));
    if (high < 0 || low < 0) return undefined;
    bytes[at] = (high << 4) | low;
  }
  return bytes;
}

/** Negative for what is no digit. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}

/** Compares without telling by its duration where two values differ. Their lengths are not secret. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}
