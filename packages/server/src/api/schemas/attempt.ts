import { z } from "zod";
import { triggers, type Attempt } from "../../domain/delivery.ts";
import type { IdCodec } from "../../domain/ids.ts";
import { errorClasses, outcomes, type Outcome } from "../../domain/outcome.ts";
import { showTime, timeOut } from "./common.ts";
import { status, statusText, type Status } from "./delivery.ts";
import { messageOut } from "./message.ts";

const ms = z.number().nullable();

export const attemptOut = z
  .object({
    id: z.string(),
    msgId: z.string(),
    endpointId: z.string(),
    url: z.string(),
    response: z.string(),
    responseStatusCode: z.int(),
    responseDurationMs: z.int(),
    status,
    statusText,
    triggerType: z
      .union([z.literal(0), z.literal(1)])
      .meta({ description: "0 scheduled, 1 manual.", openapi: { type: "integer", enum: [0, 1] } }),
    timestamp: timeOut,
    msg: messageOut.nullable(),
    deliveryId: z.string(),
    number: z.int(),
    trigger: z.enum(triggers),
    outcome: z.enum(outcomes),
    errorClass: z.enum(errorClasses).nullable(),
    detail: z.string().nullable(),
    phases: z.object({
      queueMs: z.number(),
      dnsMs: ms,
      connectMs: ms,
      tlsMs: ms,
      firstByteMs: ms,
      totalMs: z.number(),
      reused: z.boolean(),
    }),
    address: z.string().nullable(),
    request: z.object({
      url: z.string().nullable(),
      headers: z
        .record(z.string(), z.string())
        .meta({ description: "Without what HTTP adds; values that are secret are masked." }),
    }),
    responseHeaders: z.array(z.array(z.string())).nullable(),
    truncated: z.boolean(),
    endpointVersion: z.int(),
    worker: z.string(),
  })
  .meta({ id: "MessageAttemptOut" });
export type AttemptOut = z.output<typeof attemptOut>;

/** The request that an attempt made, as the endpoint's revision and the message say it was. */
export interface SentRequest {
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** All but `msg`, which goes in as text. */
export function showAttempt(
  codec: IdCodec,
  attempt: Attempt,
  sent: SentRequest,
  withContent: boolean,
): Omit<AttemptOut, "msg"> {
  const { phases, response } = attempt;
  const status = statusOf(attempt.outcome);
  return {
    id: codec.format("attempt", attempt.id),
    msgId: codec.format("message", attempt.message),
    endpointId: codec.format("endpoint", attempt.endpoint),
    deliveryId: codec.format("delivery", attempt.delivery),
    url: sent.url ?? "",
    response: response === null || !withContent ? "" : showBody(response.body),
    responseStatusCode: response?.status ?? 0,
    responseDurationMs: Math.round(phases.totalMs),
    status,
    statusText: status === 0 ? "success" : "fail",
    triggerType: attempt.trigger === "schedule" || attempt.trigger === "probe" ? 0 : 1,
    timestamp: showTime(attempt.startedAt),
    number: attempt.number,
    trigger: attempt.trigger,
    outcome: attempt.outcome,
    errorClass: attempt.errorClass,
    detail: attempt.detail,
    phases: showPhases(phases),
    address: attempt.address,
    request: { url: sent.url, headers: { ...sent.headers } },
    responseHeaders:
      response === null || !withContent ? null : response.headers.map((pair) => [...pair]),
    truncated: response?.truncated ?? false,
    endpointVersion: attempt.endpointVersion,
    worker: attempt.worker,
  };
}

function statusOf(outcome: Outcome): Status {
  switch (outcome) {
    case "delivered":
      return 0;
    case "rejected":
    case "not-sent":
    case "unknown":
      return 2;
  }
}

function showPhases(phases: Attempt["phases"]): AttemptOut["phases"] {
  return {
    queueMs: phases.queueMs,
    dnsMs: phases.dnsMs ?? null,
    connectMs: phases.connectMs ?? null,
    tlsMs: phases.tlsMs ?? null,
    firstByteMs: phases.firstByteMs ?? null,
    totalMs: phases.totalMs,
    reused: phases.reused,
  };
}

function showBody(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}

/** The outcomes that a status of the wire contract stands for; an attempt is kept once it ended. */
export function outcomesOf(status: Status): readonly Outcome[] {
  switch (status) {
    case 0:
      return ["delivered"];
    case 2:
      return ["rejected", "not-sent", "unknown"];
    case 1:
    case 3:
    case 4:
      return [];
  }
}

export const statusCodeClassQuery = z
  .enum(["0", "100", "200", "300", "400", "500"], "must be 0, 100, 200, 300, 400 or 500")
  .transform(Number)
  .optional()
  .meta({ openapi: { type: "integer", enum: [0, 100, 200, 300, 400, 500] } });
