import {
  decodeBase64Url,
  decodeCanonicalBase64,
  decodeHex,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
} from "../bytes.ts";

/** How bytes are written; `hex` is lower case, `hex-any` takes both. Each has one spelling, so none has two. */
export type Encoding = "hex" | "hex-any" | "base64" | "base64url";

export function encode(encoding: Encoding, bytes: Uint8Array): string {
  switch (encoding) {
    case "hex":
    case "hex-any":
      return encodeHex(bytes);
    case "base64":
      return encodeBase64(bytes);
    case "base64url":
      return encodeBase64Url(bytes);
  }
}

export function decode(encoding: Encoding, text: string): Uint8Array | undefined {
  switch (encoding) {
    case "hex":
      return decodeHex(text);
    case "hex-any":
      return decodeHex(text.toLowerCase());
    case "base64":
      return decodeCanonicalBase64(text);
    case "base64url":
      return decodeBase64Url(text);
  }
}

/** How many characters `bytes` bytes take. */
export function encodedLength(encoding: Encoding, bytes: number): number {
  switch (encoding) {
    case "hex":
    case "hex-any":
      return bytes * 2;
    case "base64":
      return Math.ceil(bytes / 3) * 4;
    case "base64url":
      return Math.ceil((bytes * 4) / 3);
  }
}
