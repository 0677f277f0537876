/** The body of a webhook as its bytes; text is taken as UTF-8. */
export type RawBody = Uint8Array | ArrayBuffer | string;

const encoder = new TextEncoder();
const base64Shape = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The bytes of a body, or undefined when it is not a body any more: an object that a JSON parser made,
 * nothing at all, or text with lone surrogates (they have no UTF-8 form, and encoding them as U+FFFD would
 * let different texts share one signature).
 */
export function bodyBytes(body: unknown): Uint8Array | undefined {
  if (typeof body === "string") return body.isWellFormed() ? encoder.encode(body) : undefined;
  if (body instanceof Uint8Array) return body;
  if (ArrayBuffer.isView(body)) {
    return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  }
  return isArrayBuffer(body) ? new Uint8Array(body) : undefined;
}

/** `instanceof` fails for a buffer of another realm, which test runners and sandboxes hand over. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

/** Standard base64 with padding. For keys and signatures: short input only. */
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

/** Compares without telling by its duration where two values differ. Their lengths are not secret. */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}
