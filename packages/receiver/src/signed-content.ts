import { encodeBase64 } from "./bytes.ts";

/** `v1` is HMAC-SHA256, `v1a` is Ed25519. */
export type SignatureVersion = "v1" | "v1a";

// A type and no interface: an alias is a HeadersInit and a record of strings, an interface is neither.
/** The three headers of Standard Webhooks, ready for `fetch` or `new Headers()`. */
export type WebhookHeaders = {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
};

/** The same three under the names that Svix's receivers look for first. */
export type SvixHeaders = {
  readonly "svix-id": string;
  readonly "svix-timestamp": string;
  readonly "svix-signature": string;
};

// No full stop: it separates the signed fields, so an id that held one could move bytes between them.
const idShape = /^[!-\-/-~]+$/;

/** Whether `id` may stand in `webhook-id`: printable ASCII without a space or a full stop. */
export function isWebhookId(id: string): boolean {
  return idShape.test(id);
}

/**
 * What is signed before the body: `{id}.{timestamp}.`, ASCII. With it a caller feeds an HMAC in two updates and
 * copies no body: `createHmac("sha256", key).update(signedPrefix(id, seconds)).update(body)`.
 */
export function signedPrefix(id: string, timestampSeconds: number): string {
  if (!isWebhookId(id)) {
    throw new TypeError("A webhook id must be printable ASCII without spaces or full stops.");
  }
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw new TypeError("A webhook timestamp must be whole seconds since 1970.");
  }
  return `${id}.${timestampSeconds}.`;
}

/** The bytes that every version signs: `{id}.{timestamp}.{body}`. */
export function signedBytes(id: string, timestampSeconds: number, body: Uint8Array): Uint8Array {
  return joinPrefix(signedPrefix(id, timestampSeconds), body);
}

/** For a receiver, which signs the timestamp as its header spells it, leading zeros included. */
export function joinPrefix(asciiPrefix: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(asciiPrefix.length + body.length);
  new TextEncoder().encodeInto(asciiPrefix, bytes);
  bytes.set(body, asciiPrefix.length);
  return bytes;
}

/** One entry of the signature header: `v1,{base64}`. */
export function formatSignature(version: SignatureVersion, signature: Uint8Array): string {
  return `${version},${encodeBase64(signature)}`;
}

/** The headers of a message; several signatures (rotation, `v1` beside `v1a`) share one header. */
export function webhookHeaders(
  id: string,
  timestampSeconds: number,
  signatures: readonly string[],
): WebhookHeaders {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": signatures.join(" "),
  };
}

/** The same values under `svix-*` names, to send beside the others. */
export function svixHeaders(headers: WebhookHeaders): SvixHeaders {
  return {
    "svix-id": headers["webhook-id"],
    "svix-timestamp": headers["webhook-timestamp"],
    "svix-signature": headers["webhook-signature"],
  };
}
