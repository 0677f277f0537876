import type { EndedDelivery, WaitingDelivery } from "../../domain/delivery.ts";
import type { ApplicationId, DeliveryId, EndpointId, MessageId } from "../../domain/ids.ts";
import type { EndReason } from "../../domain/reasons.ts";

/** What the rows of waiting and of ended deliveries have in common, in either store. */
interface DeliveryRow {
  readonly delivery: DeliveryId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly endpoint: EndpointId;
  readonly message: MessageId;
  readonly attempts: number;
  readonly resend_of: DeliveryId | null;
}

interface EndedRow extends DeliveryRow {
  readonly reason: EndReason;
  readonly ended_at: number;
}

interface WaitingRow extends DeliveryRow {
  readonly due: number;
  readonly rule: WaitingDelivery["rule"];
}

export function toEnded(row: EndedRow): EndedDelivery {
  return {
    id: row.delivery,
    application: row.application,
    partition: row.partition,
    endpoint: row.endpoint,
    message: row.message,
    reason: row.reason,
    attempts: row.attempts,
    endedAt: row.ended_at,
    resendOf: row.resend_of,
  };
}

export function toWaiting(row: WaitingRow): WaitingDelivery {
  return {
    id: row.delivery,
    application: row.application,
    partition: row.partition,
    endpoint: row.endpoint,
    message: row.message,
    due: row.due,
    rule: row.rule,
    attempts: row.attempts,
    resendOf: row.resend_of,
  };
}
