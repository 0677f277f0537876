import { z } from "zod";
import type { IdCodec } from "../../domain/ids.ts";
import type { InboundRequest } from "../../domain/inbound-request.ts";
import { options, reasons, requestOutcomes, type Option } from "../../domain/reasons.ts";
import { showTime, showTimeOrNull, timeOut } from "./common.ts";

export const requestOut = z
  .object({
    id: z.string(),
    sourceId: z.string(),
    timestamp: timeOut,
    method: z.string(),
    outcome: z.enum(requestOutcomes),
    reason: z.string().meta({ description: "See docs/reasons.md." }),
    reasonText: z.string(),
    detail: z.string().nullable(),
    diagnosis: z.string().nullable().meta({ description: "The known mistake that fits." }),
    options: z.array(z.object({ code: z.string(), text: z.string() })),
    responseStatusCode: z.int(),
    msgId: z
      .string()
      .nullable()
      .meta({ description: "What it became, or what the request became that it repeats." }),
    duplicateOf: z.string().nullable(),
    eventId: z.string().nullable(),
    eventType: z.string().nullable().meta({ description: "The provider's own, as it came." }),
    contentType: z.string().nullable(),
    bodyBytes: z.int(),
    headers: z
      .record(z.string(), z.string())
      .nullable()
      .meta({ description: "Secrets masked. Null for what became a message, see its attempts." }),
    repeats: z
      .int()
      .meta({ description: "Further requests like this one that have no row of their own." }),
    keptUntil: timeOut.nullable().meta({ description: "Until then it can be verified again." }),
  })
  .meta({ id: "SourceRequestOut" });
export type RequestOut = z.output<typeof requestOut>;

export function showRequest(codec: IdCodec, request: InboundRequest): RequestOut {
  const { duplicateOf, message, reason } = request;
  const { options: open, sentence } = reasons[reason];
  const codes: readonly Option[] = open;
  return {
    id: codec.format("request", request.id),
    sourceId: codec.format("source", request.source),
    timestamp: showTime(request.receivedAt),
    method: request.method,
    outcome: request.outcome,
    reason,
    reasonText: sentence,
    detail: request.detail,
    diagnosis: request.diagnosis,
    options: codes.map((code) => ({ code, text: options[code] })),
    responseStatusCode: request.status,
    msgId: message === null ? null : codec.format("message", message),
    duplicateOf: duplicateOf === null ? null : codec.format("request", duplicateOf),
    eventId: request.eventId,
    eventType: request.eventType,
    contentType: request.contentType,
    bodyBytes: request.bodyBytes,
    headers: request.headers === null ? null : { ...request.headers },
    repeats: request.repeats,
    keptUntil: showTimeOrNull(request.keptUntil),
  };
}
