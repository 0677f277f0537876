import { reasonsOf } from "../../domain/reasons.ts";
import type { Reception } from "../../ports/message-store.ts";
import type { Packer, Unpacker } from "../sql/packing.ts";

const reasons = reasonsOf("accepted", "duplicate", "handshake", "rejected");

/** What every accepted request has in common is not carried. */
export function packReception(to: Packer, { dedupe, request }: Reception): void {
  to.number(request.id);
  to.number(request.source);
  to.number(request.application);
  to.number(request.partition);
  to.number(request.receivedAt);
  to.text(request.method);
  to.number(request.bodyBytes);
  to.maybeText(request.contentType);
  to.oneOf(reasons, request.reason);
  to.number(request.status);
  to.maybeNumber(request.message);
  to.maybeText(request.eventId);
  to.maybeText(request.eventType);
  to.number(request.retainUntil);
  to.maybeText(dedupe?.keyHash);
  to.number(dedupe?.until ?? 0);
}

export function unpackReception(from: Unpacker): Reception {
  const request = {
    id: from.id("request"),
    source: from.id("source"),
    application: from.id("application"),
    partition: from.number(),
    receivedAt: from.number(),
    method: from.text(),
    bodyBytes: from.number(),
    contentType: from.maybeText(),
    outcome: "accepted",
    reason: from.oneOf(reasons),
    detail: null,
    diagnosis: null,
    status: from.number(),
    message: from.maybeId("message"),
    duplicateOf: null,
    eventId: from.maybeText(),
    eventType: from.maybeText(),
    headers: null,
    repeats: 0,
    keptUntil: null,
    retainUntil: from.number(),
  } as const;
  const keyHash = from.maybeText();
  const until = from.number();
  return { request, dedupe: keyHash === null ? null : { keyHash, until } };
}
