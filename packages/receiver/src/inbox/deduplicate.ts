import type { Verified } from "../verdict.ts";

/**
 * What makes an event a duplicate. `id`: the provider's event id, or the content where there is none.
 * `id-or-content`: the same bytes under another id too, for providers whose signature does not cover the id, where
 * whoever saw one delivery could send it again under new ids.
 */
export type Deduplication = "id" | "id-or-content";

export interface DuplicateMarks {
  readonly key: string;
  readonly contentKey: string | undefined;
}

/** Ids are text of the provider; longer ones than this are hashed, because they are keys of an index. */
const longestId = 255;

/** The marks of a verified delivery. @default `id-or-content` where the signature does not cover the id, else `id` */
export async function duplicateMarks(
  verified: Verified,
  chosen: Deduplication | undefined,
): Promise<DuplicateMarks> {
  const { eventId, eventIdSigned, eventType = "", body } = verified;
  const mode = chosen ?? (eventIdSigned ? "id" : "id-or-content");
  // The type is in it because some providers send it in a header and the same body under two types.
  const content = async () => `content:${await hash(new TextEncoder().encode(eventType), body)}`;
  if (eventId === undefined || eventId === "")
    return { key: await content(), contentKey: undefined };
  const key =
    eventId.length <= longestId
      ? eventId
      : `id:${await hash(new TextEncoder().encode(eventId), new Uint8Array())}`;
  return { key, contentKey: mode === "id" ? undefined : await content() };
}

/** SHA-256 over both, in hex; the length of the first stands before it, so that no byte can change sides. */
async function hash(first: Uint8Array, second: Uint8Array): Promise<string> {
  const bytes = new Uint8Array(4 + first.length + second.length);
  new DataView(bytes.buffer).setUint32(0, first.length);
  bytes.set(first, 4);
  bytes.set(second, 4 + first.length);
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
