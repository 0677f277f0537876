import type { Scheme, Verified } from "@posthorn/receiver";
import type { Application } from "../domain/application.ts";
import type { Draft } from "../domain/draft.ts";
import { eventNameOf } from "../domain/event-name.ts";
import type { ApplicationId, IdSource, RequestId } from "../domain/ids.ts";
import type { InboundRequest } from "../domain/inbound-request.ts";
import { forwardedHeaders } from "../domain/provider-headers.ts";
import type { Source } from "../domain/source.ts";
import type { PlanMessage } from "../ports/message-planner.ts";
import type { AcceptedRequest, Publication, PublishResult } from "../ports/message-store.ts";
import { headerOf, type Arrival } from "./arrival.ts";
import { readContent } from "./content.ts";
import { dedupeKeyOf } from "./dedupe-key.ts";
import { refused, type Refused } from "./judge-request.ts";
import type { KnownSource } from "./known-sources.ts";

/** What a genuine request becomes a message with. */
export interface ReceiveParts {
  readonly application: (id: ApplicationId) => Promise<Application | undefined>;
  readonly plan: PlanMessage;
  readonly ids: IdSource;
  readonly maxBodyBytes: number;
  readonly retentionDays: number;
}

/** Any 2xx will do for every provider. */
export const acceptedStatus = 200;

export interface Genuine {
  readonly known: KnownSource;
  readonly arrival: Arrival;
  readonly scheme: Scheme;
  readonly verified: Verified;
}

/** The request's own row, whether it is there already or not. */
export interface RowOf {
  readonly id: RequestId;
  readonly reason: Extract<InboundRequest["reason"], "event-received" | "event-received-later">;
}

export type Received =
  | Exclude<PublishResult, { readonly kind: "repeated" | "key-reused" | "event-id-taken" }>
  | { readonly kind: "not-rejected" }
  | Refused;

/** Plans the message of a genuine request, and has it stored with the request in one commit. */
export async function receive(
  parts: ReceiveParts,
  genuine: Genuine,
  row: RowOf,
  store: (publication: Publication) => Promise<PublishResult | { readonly kind: "not-rejected" }>,
): Promise<Received> {
  const { source } = genuine.known;
  const content = contentOf(parts, genuine);
  if (content.kind === "unreadable") return refused("body-unreadable", content.why, 400);
  const application = await parts.application(source.application);
  if (application === undefined) return { kind: "application-not-found" };
  const planned = await parts.plan(application, draftOf(parts, genuine, content));
  switch (planned.kind) {
    case "application-not-found":
      return planned;
    case "schema-violated": {
      const places = planned.faults.map(({ message, path }) => `${path || "the body"} ${message}`);
      return refused("schema-violated", places.join("; "), 422);
    }
    case "planned":
      break;
  }
  const request = requestOf(genuine, row, planned.message);
  const reception = { request, dedupe: dedupeOf(source, genuine, content, request) };
  const { deliveries, message } = planned;
  const result = await store({ message, deliveries, reception });
  switch (result.kind) {
    case "published":
    case "duplicate":
    case "application-not-found":
    case "not-rejected":
      return result;
    case "repeated":
    case "key-reused":
    case "event-id-taken":
      throw new Error(`a request without such a key was answered ${result.kind}`);
  }
}

type Readable = Extract<ReturnType<typeof readContent>, { kind: "readable" }>;

function contentOf(parts: ReceiveParts, { arrival, known, verified }: Genuine) {
  const { body, headers } = arrival;
  return readContent({
    body,
    verified: verified.body,
    encoding: headerOf(headers, "content-encoding"),
    contentType: headerOf(headers, "content-type"),
    maxBytes: known.source.config.maxBodyBytes ?? parts.maxBodyBytes,
  });
}

function draftOf(parts: ReceiveParts, genuine: Genuine, content: Readable): Draft {
  const { arrival, known, scheme, verified } = genuine;
  // A secret that is merely repeated does not lie in the store: it is put in again when it is sent.
  const secrets = scheme.check.coversBody ? [] : known.secrets(arrival.receivedAt);
  return {
    eventType: eventNameOf(verified.eventType ?? null, scheme.name),
    eventId: null,
    channels: [],
    tags: [],
    content: {
      body: arrival.body,
      contentType: headerOf(arrival.headers, "content-type"),
      headers: forwardedHeaders(arrival.headers, secrets),
      source: known.source.id,
    },
    get payload() {
      return content.payload;
    },
    payloadJson: content.payloadJson,
    deliverAt: null,
    expiresAt: null,
    retainDays: parts.retentionDays,
  };
}

function requestOf(
  { arrival, known, verified }: Genuine,
  row: RowOf,
  message: Publication["message"],
): AcceptedRequest {
  const { application, id, partition } = known.source;
  return {
    id: row.id,
    source: id,
    application,
    partition,
    receivedAt: arrival.receivedAt,
    method: arrival.method,
    bodyBytes: arrival.body.byteLength,
    contentType: message.content.contentType,
    outcome: "accepted",
    reason: row.reason,
    detail: null,
    diagnosis: null,
    status: acceptedStatus,
    message: message.id,
    duplicateOf: null,
    eventId: verified.eventId ?? null,
    eventType: verified.eventType ?? null,
    headers: null,
    repeats: 0,
    keptUntil: null,
    retainUntil: message.retainUntil,
  };
}

function dedupeOf(
  { config }: Source,
  { arrival, verified }: Genuine,
  content: Readable,
  { retainUntil }: InboundRequest,
) {
  const { dedupe } = config;
  if (dedupe.kind === "none") return null;
  const keyHash = dedupeKeyOf(dedupe, arrival, {
    eventId: verified.eventId ?? null,
    get payload() {
      return content.payload;
    },
  });
  if (keyHash === null) return null;
  return {
    keyHash,
    // The row is what the event is known again by.
    until: Math.min(arrival.receivedAt + dedupe.windowSeconds * 1000, retainUntil),
  };
}
