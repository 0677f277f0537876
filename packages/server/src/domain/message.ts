import type { ApplicationId, MessageId, SourceId } from "./ids.ts";

/** What every attempt of a message sends, byte for byte. */
export interface MessageContent {
  readonly body: Uint8Array;
  /** `null`: `application/json`. */
  readonly contentType: string | null;
  /** Headers that the publisher added to this message, or that the provider sent with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it was received; absent: it was published over the API. */
  readonly source?: SourceId;
}

export interface Message {
  readonly id: MessageId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly eventType: string;
  /** The publisher's own id, unique in its application. */
  readonly eventId: string | null;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
  /** `null` once the content was deleted. */
  readonly content: MessageContent | null;
  /** The payload's JSON text when it is not `content.body` (a raw payload was given beside it). */
  readonly payloadJson: string | null;
  readonly createdAt: number;
  /** First attempts are due then; `null`: at once. */
  readonly deliverAt: number | null;
  /** Deliveries not ended by then are discarded; `null`: never. */
  readonly expiresAt: number | null;
  /** The message and its history are kept until then. */
  readonly retainUntil: number;
  /** The application's configuration version that it was matched under. */
  readonly configVersion: number;
}
