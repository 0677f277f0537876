import type { MessageContent } from "./message.ts";

/** A message as its publisher wants it; names and times are checked already. */
export interface Draft {
  readonly eventType: string;
  readonly eventId: string | null;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
  readonly content: MessageContent;
  /** See `Message.payloadJson`. */
  readonly payloadJson: string | null;
  /** The parsed payload, for filters and schemas. */
  readonly payload: unknown;
  readonly deliverAt: number | null;
  readonly expiresAt: number | null;
  readonly retainDays: number;
}
