import { idTimeMs, type DeliveryId } from "../../domain/ids.ts";
import type { Message, MessageContent } from "../../domain/message.ts";
import type { Resend, ResendResult } from "../../ports/message-store.ts";
import { hourMs } from "../sql/end-states.ts";
import { statement } from "./database.ts";
import { dayOf } from "../sql/day.ts";
import { latestEnded } from "./deliveries.ts";
import { findEndpoint } from "./endpoints.ts";
import { remember as keep, repeated } from "./idempotency.ts";
import { findMessage } from "./messages.ts";
import type { Places } from "./places.ts";
import { addToQueue, moveInQueue, toQueued, waitingDelivery, type QueueRow } from "./queue.ts";
import { addHours } from "./rollups.ts";
import type { Transaction } from "./transaction.ts";

/** Two resends of one message at once happen one after the other; a publish does not wait. */
const lockMessage = statement(
  "resend-lock",
  "SELECT pg_advisory_xact_lock(hashtextextended('posthorn resend', $1))",
);
const countMade = statement(
  "resend-made",
  `INSERT INTO endpoint_hours AS h (partition, endpoint, hour, writer, made, success, fail, canceled)
   VALUES ($1, $2, $3, $4, 1, 0, 0, 0) ${addHours}`,
);

export interface ResendParts {
  readonly places: Places;
  readonly writer: number;
}

export async function resend(
  tx: Transaction,
  parts: ResendParts,
  asked: Resend,
): Promise<ResendResult> {
  const answered = await repeated(tx, asked.remember, asked.at);
  if (answered !== undefined) return answered;
  const result = await decide(tx, parts, asked);
  if (result.kind === "moved" || result.kind === "created") {
    await keep(tx, asked.remember, asked.at);
  }
  return result;
}

async function decide(tx: Transaction, parts: ResendParts, asked: Resend): Promise<ResendResult> {
  const { places } = parts;
  await tx.run(lockMessage, asked.message);
  const { application } = asked;
  const endpoint = await findEndpoint(tx, application, { kind: "id", id: asked.endpoint });
  const ref = { kind: "id", id: asked.message } as const;
  const message = await findMessage(tx, places, application, ref);
  if (endpoint === undefined || message === undefined) return { kind: "not-found" };
  if (endpoint.config.disabled) return { kind: "endpoint-disabled" };
  const { content } = message;
  if (content === null) return { kind: "content-deleted" };
  const { partition } = endpoint;
  const waiting = await waitingDelivery(tx, partition, endpoint.id, message.id);
  if (waiting !== undefined) return move(tx, waiting, content, asked.at);
  const resendOf = await latestEnded(tx, partition, message.id, endpoint.id);
  const row = newRow(asked, message, partition, resendOf);
  await addToQueue(tx, row);
  const hour = Math.floor(idTimeMs(row.delivery) / hourMs);
  await tx.run(countMade, partition, endpoint.id, hour, parts.writer);
  tell(tx, row, content);
  return { kind: "created", resendOf };
}

async function move(
  tx: Transaction,
  waiting: QueueRow,
  content: MessageContent,
  at: number,
): Promise<ResendResult> {
  // One that is due already keeps its place.
  const due = Math.min(waiting.due, at);
  const to = { due, rule: "manual" } as const;
  await moveInQueue(tx, waiting, to);
  tell(tx, { ...waiting, ...to }, content);
  return { kind: "moved", delivery: waiting.delivery };
}

function newRow(
  asked: Resend,
  message: Message,
  partition: number,
  resendOf: DeliveryId | null,
): QueueRow {
  return {
    delivery: asked.delivery,
    endpoint: asked.endpoint,
    due: asked.at,
    application: asked.application,
    message: asked.message,
    resend_of: resendOf,
    // The message's expiry does not count: a person asked for it.
    expires_at: null,
    partition,
    message_partition: message.partition,
    day: dayOf(message.retainUntil),
    attempts: 0,
    resent: true,
    rule: "manual",
  };
}

/** With its content, so that the owner knows that a person asks: it may be a breaker's probe. */
function tell(tx: Transaction, row: QueueRow, content: MessageContent): void {
  const deliveries = [toQueued(row, content)];
  tx.effects.add({ kind: "committed", deliveries, bytes: content.body.byteLength });
}
