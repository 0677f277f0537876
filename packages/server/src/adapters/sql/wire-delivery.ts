import type { MessageContent } from "../../domain/message.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import type { PlannedDelivery, Publication } from "../../ports/message-store.ts";
import { packReception, unpackReception, type WireReception } from "./wire-reception.ts";
import { isEmpty, packBytes, unpackBytes, type WireBytes } from "./wire-bytes.ts";

type WireContent = readonly [
  body: WireBytes,
  contentType: string | null,
  headers: MessageContent["headers"] | null,
  source: MessageContent["source"],
];

function packContent({ body, contentType, headers, source }: MessageContent): WireContent {
  return [packBytes(body), contentType, isEmpty(headers) ? null : headers, source];
}

function unpackContent([body, contentType, headers, source]: WireContent): MessageContent {
  const content = { body: unpackBytes(body), contentType, headers: headers ?? {} };
  return source === undefined ? content : { ...content, source };
}

/** Deliveries of one message share its content here, too. */
export interface WireDeliveries {
  readonly contents: readonly WireContent[];
  readonly rows: readonly WireDelivery[];
}

type WireDelivery = readonly [
  id: QueuedDelivery["id"],
  application: QueuedDelivery["application"],
  endpoint: QueuedDelivery["endpoint"],
  message: QueuedDelivery["message"],
  due: number,
  rule: QueuedDelivery["rule"],
  attempts: number,
  resendOf: QueuedDelivery["resendOf"],
  expiresAt: number | null,
  /** In `contents`; -1: none. */
  content: number,
];

export function packDeliveries(deliveries: readonly QueuedDelivery[]): WireDeliveries {
  const places = new Map<MessageContent, number>();
  const contents: WireContent[] = [];
  const placeOf = (content: MessageContent | null): number => {
    if (content === null) return -1;
    const known = places.get(content);
    if (known !== undefined) return known;
    places.set(content, contents.length);
    return contents.push(packContent(content)) - 1;
  };
  const rows = deliveries.map((d): WireDelivery => [
    d.id,
    d.application,
    d.endpoint,
    d.message,
    d.due,
    d.rule,
    d.attempts,
    d.resendOf,
    d.expiresAt,
    placeOf(d.content),
  ]);
  return { contents, rows };
}

export function unpackDeliveries(wire: WireDeliveries): readonly QueuedDelivery[] {
  const contents = wire.contents.map(unpackContent);
  return wire.rows.map((row): QueuedDelivery => ({
    id: row[0],
    application: row[1],
    endpoint: row[2],
    message: row[3],
    due: row[4],
    rule: row[5],
    attempts: row[6],
    resendOf: row[7],
    expiresAt: row[8],
    content: contents[row[9]] ?? null,
  }));
}

type Published = Publication["message"];

export type WirePublication = readonly [
  id: Published["id"],
  application: Published["application"],
  partition: number,
  eventType: string,
  eventId: string | null,
  channels: readonly string[],
  tags: readonly string[],
  content: WireContent,
  payloadJson: string | null,
  createdAt: number,
  deliverAt: number | null,
  expiresAt: number | null,
  retainUntil: number,
  configVersion: number,
  deliveries: readonly WirePlanned[],
  remember: Publication["remember"],
  reception: WireReception | undefined,
];

type WirePlanned = readonly [
  id: PlannedDelivery["id"],
  endpoint: PlannedDelivery["endpoint"],
  due: number,
  rule: PlannedDelivery["rule"],
];

export function packPublication(publication: Publication): WirePublication {
  const { deliveries, message, reception, remember } = publication;
  return [
    message.id,
    message.application,
    message.partition,
    message.eventType,
    message.eventId,
    message.channels,
    message.tags,
    packContent(message.content),
    message.payloadJson,
    message.createdAt,
    message.deliverAt,
    message.expiresAt,
    message.retainUntil,
    message.configVersion,
    deliveries.map(({ due, endpoint, id, rule }): WirePlanned => [id, endpoint, due, rule]),
    remember,
    reception === undefined ? undefined : packReception(reception),
  ];
}

export function unpackPublication(wire: WirePublication): Publication {
  const message: Published = {
    id: wire[0],
    application: wire[1],
    partition: wire[2],
    eventType: wire[3],
    eventId: wire[4],
    channels: wire[5],
    tags: wire[6],
    content: unpackContent(wire[7]),
    payloadJson: wire[8],
    createdAt: wire[9],
    deliverAt: wire[10],
    expiresAt: wire[11],
    retainUntil: wire[12],
    configVersion: wire[13],
  };
  const deliveries = wire[14].map(([id, endpoint, due, rule]): PlannedDelivery => ({
    id,
    endpoint,
    due,
    rule,
  }));
  const remember = wire[15];
  const reception = wire[16];
  return {
    message,
    deliveries,
    ...(remember === undefined ? {} : { remember }),
    ...(reception === undefined ? {} : { reception: unpackReception(reception) }),
  };
}
