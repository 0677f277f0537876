import { findMember } from "../domain/json-member.ts";
import type { MessageContent } from "../domain/message.ts";
import { repeatedName, whyHeaderRefused } from "../operate/endpoint-headers.ts";
import type { Draft } from "../domain/draft.ts";
import type { ApiContext } from "./context.ts";
import { ApiProblem, invalidBody } from "./problems.ts";
import type { MessageIn } from "./schemas/message.ts";

const dayMs = 86_400_000;

/** What is published: `raw` is the request's body, out of which the payload is cut as it stands. */
export function draftOf(context: ApiContext, body: MessageIn, raw: Uint8Array): Draft {
  checkEventId(context, body.eventId);
  const payloadBytes = cutPayload(raw);
  const { content, payloadJson } = contentOf(body, payloadBytes);
  const size = Math.max(payloadBytes.byteLength, content.body.byteLength);
  if (size > context.settings.maxPayloadBytes) throw new ApiProblem("payload_too_large");
  const retainDays = body.payloadRetentionPeriod ?? context.settings.retentionDays;
  return {
    eventType: body.eventType,
    eventId: body.eventId ?? null,
    channels: body.channels ?? [],
    tags: body.tags ?? [],
    content,
    payloadJson,
    payload: body.payload,
    ...timesOf(body, context.now(), retainDays),
    retainDays,
  };
}

/** A path could not tell such an eventId from the id. */
function checkEventId(context: ApiContext, eventId: string | null | undefined): void {
  if (eventId == null || context.codec.parse("message", eventId) === undefined) return;
  throw invalidBody(["eventId"], "must not have the form of a message's id");
}

function cutPayload(raw: Uint8Array): Uint8Array {
  const range = findMember(raw, "payload");
  if (range === undefined) throw new Error("a payload was validated and is not in the body");
  return raw.subarray(range.start, range.end);
}

function contentOf(
  body: MessageIn,
  payload: Uint8Array,
): { readonly content: MessageContent; readonly payloadJson: string | null } {
  if (body.transformationsParams == null) {
    return { content: { body: payload, contentType: null, headers: {} }, payloadJson: null };
  }
  const { rawPayload, headers = {} } = body.transformationsParams;
  const { contentType, rest } = checkedHeaders(headers);
  if (rawPayload === undefined) {
    return { content: { body: payload, contentType, headers: rest }, payloadJson: null };
  }
  if (!rawPayload.isWellFormed()) {
    throw invalidBody(["transformationsParams", "rawPayload"], "must be well-formed Unicode");
  }
  return {
    content: { body: new TextEncoder().encode(rawPayload), contentType, headers: rest },
    payloadJson: Buffer.from(payload).toString("utf8"),
  };
}

function checkedHeaders(headers: Readonly<Record<string, string>>): {
  readonly contentType: string | null;
  readonly rest: Readonly<Record<string, string>>;
} {
  const place = ["transformationsParams", "headers"];
  const repeated = repeatedName(Object.keys(headers));
  if (repeated !== undefined) throw invalidBody([...place, repeated], "is there twice");
  let contentType: string | null = null;
  const rest: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    const isContentType = name.toLowerCase() === "content-type";
    const why = whyHeaderRefused(isContentType ? "x-content-type" : name, value);
    if (why !== undefined) throw invalidBody([...place, name], why, "value_error.header");
    if (isContentType) contentType = value;
    else rest.push([name, value]);
  }
  return { contentType, rest: Object.fromEntries(rest) };
}

function timesOf(
  body: MessageIn,
  now: number,
  retainDays: number,
): { readonly deliverAt: number | null; readonly expiresAt: number | null } {
  const deliverAt = body.deliverAt ?? null;
  const expiresAt = body.expiresAt ?? null;
  if (deliverAt !== null && deliverAt >= now + retainDays * dayMs) {
    throw invalidBody(["deliverAt"], "is later than the message is kept");
  }
  if (expiresAt !== null && expiresAt <= Math.max(now, deliverAt ?? 0)) {
    throw invalidBody(["expiresAt"], "must be later than now, and than deliverAt");
  }
  return { deliverAt, expiresAt };
}
