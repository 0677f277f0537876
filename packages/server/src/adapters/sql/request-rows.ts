import type { ApplicationId, MessageId, RequestId, SourceId } from "../../domain/ids.ts";
import type { InboundRequest } from "../../domain/inbound-request.ts";
import type { RequestOutcome, RequestReason } from "../../domain/reasons.ts";
import { parseJson, type JsonText } from "./json.ts";

/** What is written once and never looked for. */
type Doc = Pick<
  InboundRequest,
  | "receivedAt"
  | "method"
  | "bodyBytes"
  | "contentType"
  | "detail"
  | "diagnosis"
  | "status"
  | "eventId"
  | "eventType"
  | "headers"
>;

/** A request, as the row has it in either store. */
export interface RequestRow {
  readonly id: RequestId;
  readonly source: SourceId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly outcome: RequestOutcome;
  readonly reason: RequestReason;
  readonly message: MessageId | null;
  readonly duplicate_of: RequestId | null;
  readonly repeats: number;
  readonly kept_until: number | null;
  readonly retain_until: number;
  readonly doc: JsonText<Doc>;
}

export const requestColumns = `id, source, application, partition, outcome, reason, message,
  duplicate_of, repeats, kept_until, retain_until, doc`;

export function docOf(request: Doc): JsonText<Doc> {
  const { receivedAt, method, bodyBytes, contentType, detail, diagnosis } = request;
  const { status, eventId, eventType, headers } = request;
  const doc: Doc = {
    receivedAt,
    method,
    bodyBytes,
    contentType,
    detail,
    diagnosis,
    status,
    eventId,
    eventType,
    headers,
  };
  return JSON.stringify(doc);
}

/** The values of `requestColumns`. */
export function requestValues(request: InboundRequest) {
  return [
    request.id,
    request.source,
    request.application,
    request.partition,
    request.outcome,
    request.reason,
    request.message,
    request.duplicateOf,
    request.repeats,
    request.keptUntil,
    request.retainUntil,
    docOf(request),
  ] as const;
}

export function toRequest(row: RequestRow): InboundRequest {
  return {
    id: row.id,
    source: row.source,
    application: row.application,
    partition: row.partition,
    outcome: row.outcome,
    reason: row.reason,
    message: row.message,
    duplicateOf: row.duplicate_of,
    repeats: row.repeats,
    keptUntil: row.kept_until,
    retainUntil: row.retain_until,
    ...parseJson(row.doc),
  };
}
