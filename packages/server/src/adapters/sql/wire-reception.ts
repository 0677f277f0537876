import type { InboundRequest } from "../../domain/inbound-request.ts";
import type { Reception } from "../../ports/message-store.ts";

export type WireReception = readonly [
  id: InboundRequest["id"],
  source: InboundRequest["source"],
  application: InboundRequest["application"],
  partition: number,
  receivedAt: number,
  method: string,
  bodyBytes: number,
  contentType: string | null,
  reason: InboundRequest["reason"],
  status: number,
  message: InboundRequest["message"],
  eventId: string | null,
  eventType: string | null,
  retainUntil: number,
  keyHash: string | undefined,
  until: number,
];

/** What every accepted request has in common is not carried. */
export function packReception({ dedupe, request }: Reception): WireReception {
  return [
    request.id,
    request.source,
    request.application,
    request.partition,
    request.receivedAt,
    request.method,
    request.bodyBytes,
    request.contentType,
    request.reason,
    request.status,
    request.message,
    request.eventId,
    request.eventType,
    request.retainUntil,
    dedupe?.keyHash,
    dedupe?.until ?? 0,
  ];
}

export function unpackReception(wire: WireReception): Reception {
  const keyHash = wire[14];
  return {
    request: {
      id: wire[0],
      source: wire[1],
      application: wire[2],
      partition: wire[3],
      receivedAt: wire[4],
      method: wire[5],
      bodyBytes: wire[6],
      contentType: wire[7],
      outcome: "accepted",
      reason: wire[8],
      detail: null,
      diagnosis: null,
      status: wire[9],
      message: wire[10],
      duplicateOf: null,
      eventId: wire[11],
      eventType: wire[12],
      headers: null,
      repeats: 0,
      keptUntil: null,
      retainUntil: wire[13],
    },
    dedupe: keyHash === undefined ? null : { keyHash, until: wire[15] },
  };
}
