import { z } from "zod";
import { viewBody, viewText } from "../../domain/body-view.ts";
import type { IdCodec } from "../../domain/ids.ts";
import type { Message } from "../../domain/message.ts";
import { applicationIn } from "./application.ts";
import {
  channel,
  eventTypeName,
  eventTypesQuery,
  flagQuery,
  nameSet,
  showTime,
  showTimeOrNull,
  tag,
  time,
  timeOut,
  uid,
} from "./common.ts";

const payload = z
  .custom<object>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be an object",
  )
  .meta({ openapi: { type: "object", additionalProperties: true } });

export const messageIn = z
  .strictObject({
    eventType: eventTypeName,
    payload,
    eventId: uid.nullable().optional(),
    channels: nameSet(channel, 1, 5).nullable().optional(),
    tags: nameSet(tag, 0, 5).nullable().optional(),
    payloadRetentionPeriod: z
      .int()
      .min(5, "must be 5 or more")
      .max(90, "must be 90 or less")
      .nullable()
      .optional()
      .meta({ description: "Days that the message and its history are kept." }),
    application: applicationIn
      .nullable()
      .optional()
      .meta({ description: "Created when the application in the path does not exist." }),
    transformationsParams: z
      .strictObject({
        rawPayload: z
          .string()
          .optional()
          .meta({ description: "The body of the deliveries, in place of the payload." }),
        headers: z
          .record(z.string(), z.string())
          .optional()
          .meta({ description: "Sent with the deliveries, `content-type` among them." }),
      })
      .nullable()
      .optional(),
    deliverAt: time.nullable().optional(),
    expiresAt: time
      .nullable()
      .optional()
      .meta({
        description: "What is not delivered by then is discarded. Not part of Svix's API.",
        openapi: { type: ["string", "null"], format: "date-time" },
      }),
  })
  .meta({ id: "MessageIn" });
export type MessageIn = z.output<typeof messageIn>;

export const messagePrecheckIn = z
  .strictObject({
    eventType: eventTypeName,
    channels: nameSet(channel, 1, 5).nullable().optional(),
  })
  .meta({ id: "MessagePrecheckIn" });

export const messagePrecheckOut = z
  .object({ active: z.boolean() })
  .meta({ id: "MessagePrecheckOut" });

export const messageOutFields = {
  id: z.string(),
  eventType: z.string(),
  eventId: z.string().nullable(),
  channels: z.array(z.string()).nullable(),
  tags: z.array(z.string()).nullable(),
  payload: z.record(z.string(), z.unknown()),
  timestamp: timeOut,
  deliverAt: timeOut.nullable(),
  expiresAt: timeOut.nullable(),
};

export const messageOut = z.object(messageOutFields).meta({ id: "MessageOut" });

export const withContentQuery = { with_content: flagQuery };

export const messageFilterQuery = {
  channel: channel.optional(),
  tag: tag.optional(),
  before: time.optional().meta({ openapi: { type: "string", format: "date-time" } }),
  after: time.optional().meta({ openapi: { type: "string", format: "date-time" } }),
  event_types: eventTypesQuery,
};

/** What the payload's place shows once its content was deleted, as the wire contract has it. */
const deletedPayload = '{"expired":true}';
const leftOut = "{}";

/** JSON text, so that the payload stays as its publisher wrote it. */
export function showMessage(codec: IdCodec, message: Message, withContent: boolean): string {
  return `{${messageMembers(codec, message, withContent)}}`;
}

/** The members of a message without the braces, to be shown with others. */
export function messageMembers(codec: IdCodec, message: Message, withContent: boolean): string {
  const { channels, tags } = message;
  const head = JSON.stringify({
    id: codec.format("message", message.id),
    eventType: message.eventType,
    eventId: message.eventId,
    channels: channels.length === 0 ? null : channels,
    tags: tags.length === 0 ? null : tags,
    timestamp: showTime(message.createdAt),
    deliverAt: showTimeOrNull(message.deliverAt),
    expiresAt: showTimeOrNull(message.expiresAt),
  });
  const payload = withContent ? payloadText(message) : leftOut;
  return `${head.slice(1, -1)},"payload":${payload}`;
}

export function payloadText(message: Message): string {
  if (message.payloadJson !== null) return message.payloadJson;
  if (message.content === null) return deletedPayload;
  // What a source received need not be JSON.
  if (message.content.source !== undefined) {
    return viewText(viewBody(message.content.body, message.content.contentType));
  }
  const { buffer, byteOffset, byteLength } = message.content.body;
  return Buffer.from(buffer, byteOffset, byteLength).toString("utf8");
}
