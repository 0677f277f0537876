import type { DueRule } from "../../domain/delivery.ts";
import type { ApplicationId, DeliveryId, EndpointId, MessageId } from "../../domain/ids.ts";
import type { MessageContent } from "../../domain/message.ts";
import type {
  DispatchStore,
  ExpiredDelivery,
  LaneStart,
  LaneWindow,
  QueuedDelivery,
} from "../../ports/dispatch-store.ts";
import type { JsonText } from "../sql/json.ts";
import { int4s, int8s } from "./arrays.ts";
import { only, statement, type Sql, type Statement } from "./database.ts";
import { tableOfDay } from "./days.ts";
import { toContent, type Content } from "./messages.ts";
import type { Places } from "./places.ts";

export interface QueueRow {
  readonly delivery: DeliveryId;
  readonly endpoint: EndpointId;
  readonly due: number;
  readonly application: ApplicationId;
  readonly message: MessageId;
  readonly resend_of: DeliveryId | null;
  readonly expires_at: number | null;
  readonly partition: number;
  readonly message_partition: number;
  readonly day: number;
  readonly attempts: number;
  readonly resent: boolean;
  readonly rule: DueRule;
}

interface ContentRow {
  readonly id: MessageId;
  readonly content: JsonText<Content> | null;
  readonly body: Uint8Array | null;
}

const queueColumns = `delivery, endpoint, due, application, message, resend_of, expires_at,
  partition, message_partition, day, attempts, resent, rule`;

const insert = statement(
  "queue-insert",
  `INSERT INTO queue (${queueColumns})
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);
const waiting = statement<QueueRow>(
  "queue-waiting",
  `SELECT ${queueColumns} FROM queue WHERE partition = $1 AND endpoint = $2 AND message = $3
   FOR UPDATE`,
);
const byDeliveries = statement<QueueRow>(
  "queue-by-deliveries",
  `SELECT q.* FROM unnest($1::int4[]) AS p (partition) CROSS JOIN unnest($2::int8[]) AS k (delivery)
   CROSS JOIN LATERAL (SELECT ${queueColumns} FROM queue
     WHERE partition = p.partition AND ${only("delivery", "k.delivery")}) q`,
);
const move = statement(
  "queue-move",
  `UPDATE queue SET due = $3, rule = $4 WHERE partition = $1 AND ctid = (
     SELECT ctid FROM queue WHERE partition = $1 AND ${only("delivery", "$2::int8")})`,
);
/** A look into a hash for each row; `<> ALL` would compare each with each. */
const notHeld = "delivery NOT IN (SELECT unnest($4::int8[]))";
/** What is due, and the first row that is not: both in key order. */
const window = statement<QueueRow>(
  "queue-window",
  `(SELECT ${queueColumns} FROM queue WHERE partition = $1 AND endpoint = $2 AND due <= $3
    AND ${notHeld} ORDER BY due, delivery LIMIT $5)
   UNION ALL
   (SELECT ${queueColumns} FROM queue WHERE partition = $1 AND endpoint = $2 AND due > $3
    AND ${notHeld} ORDER BY due, delivery LIMIT 1)`,
);
const nextLane = `SELECT endpoint, due FROM queue
   WHERE partition = $1 AND endpoint > l.endpoint ORDER BY endpoint, due LIMIT 1`;
/** One probe an endpoint, whatever waits there: at most `$3` of them beyond `$2`. */
const lanesBeyond = statement<LaneStart>(
  "queue-lanes",
  `WITH RECURSIVE lane (endpoint, due, n) AS (
     SELECT next.*, 1 FROM (SELECT $2::int8 AS endpoint) l CROSS JOIN LATERAL (${nextLane}) next
     UNION ALL
     SELECT next.*, l.n + 1 FROM lane l CROSS JOIN LATERAL (${nextLane}) next WHERE l.n < $3
   ) SELECT endpoint, due FROM lane`,
);
const first = statement<{ delivery: DeliveryId }>(
  "queue-first",
  `SELECT delivery FROM queue WHERE partition = $1 AND endpoint = $2
   ORDER BY due, delivery LIMIT $3`,
);
const expiredRows = statement<ExpiredDelivery>(
  "queue-expired",
  `SELECT e.delivery AS id, e.endpoint, p.partition FROM unnest($1::int4[]) AS p (partition)
   CROSS JOIN LATERAL (
     SELECT delivery, endpoint, expires_at FROM queue
     WHERE partition = p.partition AND expires_at <= $2 ORDER BY expires_at LIMIT $3
   ) e ORDER BY e.expires_at LIMIT $3`,
);

export async function addToQueue(sql: Sql, row: QueueRow): Promise<void> {
  await sql.run(
    insert,
    row.delivery,
    row.endpoint,
    row.due,
    row.application,
    row.message,
    row.resend_of,
    row.expires_at,
    row.partition,
    row.message_partition,
    row.day,
    row.attempts,
    row.resent,
    row.rule,
  );
}

/** A message has at most one waiting delivery to an endpoint; it stays so for the transaction. */
export function waitingDelivery(
  sql: Sql,
  partition: number,
  endpoint: EndpointId,
  message: MessageId,
): Promise<QueueRow | undefined> {
  return sql.get(waiting, partition, endpoint, message);
}

export async function waitingByIds(
  sql: Sql,
  partitions: Buffer,
  ids: readonly DeliveryId[],
): Promise<ReadonlyMap<DeliveryId, QueueRow>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.all(byDeliveries, partitions, int8s(ids));
  return new Map(rows.map((row) => [row.delivery, row]));
}

export async function moveInQueue(
  sql: Sql,
  row: QueueRow,
  to: { readonly due: number; readonly rule: DueRule },
): Promise<void> {
  await sql.run(move, row.partition, row.delivery, to.due, to.rule);
}

/** Beyond an endpoint, in their order. */
export function lanesWithWork(
  sql: Sql,
  { beyond, most, partition }: { partition: number; beyond: number; most: number },
): Promise<readonly LaneStart[]> {
  return sql.all(lanesBeyond, partition, beyond, most);
}

export async function readLane(
  sql: Sql,
  places: Places,
  read: Parameters<DispatchStore["readLane"]>[0],
): Promise<LaneWindow> {
  const { endpoint, limit, maxBytes, now, skip } = read;
  const place = await places.endpoint(sql, endpoint);
  if (place === undefined) return { deliveries: [], nextDue: null };
  const rows = await sql.all(window, place.partition, endpoint, now, int8s(skip), limit + 1);
  const due = rows.filter((row) => row.due <= now).slice(0, limit);
  const contents = await contentsOf(sql, due, maxBytes);
  const deliveries: QueuedDelivery[] = [];
  let bytes = 0;
  for (const row of due) {
    if (deliveries.length > 0 && bytes >= maxBytes) break;
    const content = contents.get(row.message) ?? null;
    bytes += content?.body.byteLength ?? 0;
    deliveries.push(toQueued(row, content));
  }
  return { deliveries, nextDue: rows[deliveries.length]?.due ?? null };
}

export function expired(
  sql: Sql,
  partitions: Iterable<number>,
  now: number,
  limit: number,
): Promise<readonly ExpiredDelivery[]> {
  return sql.all(expiredRows, int4s([...partitions]), now, limit);
}

export async function waitingOf(
  sql: Sql,
  places: Places,
  endpoint: EndpointId,
  limit: number,
): Promise<readonly DeliveryId[]> {
  const place = await places.endpoint(sql, endpoint);
  if (place === undefined) return [];
  const rows = await sql.all(first, place.partition, endpoint, limit);
  return rows.map((row) => row.delivery);
}

export function toQueued(row: QueueRow, content: MessageContent | null): QueuedDelivery {
  return {
    id: row.delivery,
    application: row.application,
    endpoint: row.endpoint,
    message: row.message,
    due: row.due,
    rule: row.rule,
    attempts: row.attempts,
    resendOf: row.resend_of,
    expiresAt: row.expires_at,
    content,
  };
}

/** As many as `maxBytes` have room for, of each day, and the first one. */
async function contentsOf(
  sql: Sql,
  rows: readonly QueueRow[],
  maxBytes: number,
): Promise<ReadonlyMap<MessageId, MessageContent | null>> {
  const contents = new Map<MessageId, MessageContent | null>();
  for (const [day, ofDay] of Map.groupBy(rows, (row) => row.day)) {
    const found = await sql.all(
      contentsOfDay(day),
      int4s(ofDay.map((row) => row.message_partition)),
      int8s(ofDay.map((row) => row.message)),
      maxBytes,
    );
    for (const row of found) contents.set(row.id, toContent(row));
  }
  return contents;
}

/**
 * The day's own table is named: through the whole one, every day's partition would be locked and
 * looked at for each read.
 */
function contentsOfDay(day: number): Statement<ContentRow> {
  return statement(
    `contents-${day}`,
    `SELECT id, content, body FROM (
       SELECT m.id, m.content, m.body,
         sum(coalesce(octet_length(m.body), 0)) OVER (ORDER BY k.place)
           - coalesce(octet_length(m.body), 0) AS before
       FROM unnest($1::int4[], $2::int8[]) WITH ORDINALITY AS k (partition, id, place)
       CROSS JOIN LATERAL (SELECT id, content, body FROM ${tableOfDay("messages", day)}
         WHERE partition = k.partition AND ${only("id", "k.id")}) m
     ) each WHERE before < $3`,
  );
}
