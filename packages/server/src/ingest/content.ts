import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { viewBody, viewText, type BodyView } from "../domain/body-view.ts";

/** What a verified body says. */
export type Content =
  | {
      readonly kind: "readable";
      /** Read when it is asked for first: without filters, schemas and fields to compare nobody does. */
      readonly payload: object;
      /** The payload's JSON text where the body that goes on is not that text. */
      readonly payloadJson: string | null;
    }
  | { readonly kind: "unreadable"; readonly why: string };

export interface Encoded {
  /** As it came. */
  readonly body: Uint8Array;
  /** The bytes that the signature was checked over: the same, or without their coding. */
  readonly verified: Uint8Array;
  /** `content-encoding`; `null`: none. */
  readonly encoding: string | null;
  readonly contentType: string | null;
  /** The most that a compressed body may become. */
  readonly maxBytes: number;
}

/**
 * Reads the payload out of a body. One that is no JSON object is no fault: it goes on as its bytes, and
 * is shown with its content type.
 */
export function readContent(encoded: Encoded): Content {
  const { body, contentType, maxBytes, verified } = encoded;
  const isAsSent = verified.byteLength === body.byteLength;
  const plain = isAsSent ? undo(encoded) : verified;
  if (typeof plain === "string") return { kind: "unreadable", why: plain };
  if (plain.byteLength > maxBytes) return { kind: "unreadable", why: tooLarge };
  let read: BodyView | undefined;
  const view = () => (read ??= viewBody(plain, contentType));
  return {
    kind: "readable",
    get payload() {
      return view().payload;
    },
    payloadJson: plain === body ? null : viewText(view()),
  };
}

const tooLarge = "The body is larger than the limit once it is decompressed.";

/** The bytes without their coding, or why that cannot be undone. */
function undo({ body, encoding, maxBytes }: Encoded): Uint8Array | string {
  const options = { maxOutputLength: maxBytes };
  try {
    switch (encoding?.trim().toLowerCase() ?? "") {
      case "":
      case "identity":
        return body;
      case "gzip":
      case "x-gzip":
        return gunzipSync(body, options);
      case "deflate":
        return inflateSync(body, options);
      case "br":
        return brotliDecompressSync(body, options);
      default:
        return "The body's Content-Encoding is none of gzip, deflate and br, or more than one.";
    }
  } catch (error) {
    return error instanceof RangeError ? tooLarge : "The body is not of its Content-Encoding.";
  }
}
