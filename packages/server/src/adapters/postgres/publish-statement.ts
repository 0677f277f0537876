import { idTimeMs } from "../../domain/ids.ts";
import type { MessageId, RequestId } from "../../domain/ids.ts";
import type { Publication } from "../../ports/message-store.ts";
import { hourMs } from "../sql/end-states.ts";
import { hashToBytes, listToText } from "../sql/json.ts";
import { docOf } from "../sql/request-rows.ts";
import { byteas, int4s, int8s, texts } from "./arrays.ts";
import { statement, type SqlValue } from "./database.ts";
import { dayOf } from "../sql/day.ts";
import type { RememberedRow } from "./idempotency.ts";
import { docsOf } from "./messages.ts";
import { addHours } from "./rollups.ts";

/** A publication of a group that was not stored, and why: the first of these that is there. */
export interface Refusal {
  readonly id: MessageId;
  readonly key: (RememberedRow & { readonly request_hash: Uint8Array }) | null;
  readonly lives: boolean;
  readonly taken_by: MessageId | null;
  /** An earlier request of the same source had the same event. */
  readonly twin: { readonly request: RequestId; readonly message: MessageId } | null;
}

interface RefusalRow extends Omit<RememberedRow, "request_hash" | "status"> {
  readonly twin_request: RequestId | null;
  readonly twin_message: MessageId | null;
  readonly id: MessageId;
  readonly request_hash: Uint8Array | null;
  readonly status: number | null;
  readonly lives: boolean;
  readonly taken_by: MessageId | null;
}

const messageArrays = `unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int4[],
  $6::int4[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
  $13::bytea[]) AS m (id, application, created_at, retain_until, partition, day, event_type,
  channels, tags, doc, content, payload_json, body)`;
const deliveryArrays = `unnest($14::int8[], $15::int8[], $16::int8[], $17::int8[], $18::int8[],
  $19::int8[], $20::int4[], $21::int4[], $22::int4[], $23::int4[], $24::text[]) AS d (delivery,
  endpoint, due, application, message, expires_at, partition, message_partition, day, hour, rule)`;
const keyArrays = `unnest($26::int8[], $27::bytea[], $28::bytea[], $29::int8[], $30::int8[],
  $31::int4[], $32::int8[], $33::text[]) AS k (id, key_hash, request_hash, created_at, expires_at,
  status, message, json)`;
const eventArrays = `unnest($34::int8[], $35::int4[], $36::int8[], $37::text[], $38::int8[],
  $39::int8[]) AS e (id, partition, application, event_id, created_at, expires_at)`;
const requestArrays = `unnest($40::int8[], $41::int8[], $42::int8[], $43::int8[], $44::int4[],
  $45::int4[], $46::text[], $47::int8[], $48::text[], $49::bytea[], $50::int8[], $51::int8[]) AS r
  (id, message, source, application, partition, day, reason, retain_until, doc, key, key_until,
  received_at)`;

/**
 * `refused` are the messages that are not stored: next to none, so `NOT IN` costs one look into a small
 * hash for each row, however large the group. All parts see one snapshot, so what refuses a message is
 * found before anything is written.
 */
const notRefused = (id: string) => `${id} NOT IN (SELECT id FROM refused)`;

const dead = `dead AS MATERIALIZED (
    SELECT c.id FROM unnest($1::int8[], $2::int8[]) AS c (id, application)
    WHERE NOT EXISTS (
      SELECT FROM applications a WHERE a.id = c.application AND a.deleted_at IS NULL))`;

const writes = `put AS (
    INSERT INTO messages (id, application, created_at, retain_until, partition, day, event_type,
      channels, tags, doc, content, payload_json, body)
    SELECT m.* FROM ${messageArrays} WHERE ${notRefused("m.id")}),
  planned AS MATERIALIZED (
    SELECT d.* FROM ${deliveryArrays} WHERE ${notRefused("d.message")}),
  queued AS (
    INSERT INTO queue (delivery, endpoint, due, application, message, expires_at, partition,
      message_partition, day, attempts, resent, rule)
    SELECT delivery, endpoint, due, application, message, expires_at, partition,
      message_partition, day, 0, false, rule FROM planned),
  hours AS (
    INSERT INTO endpoint_hours AS h (partition, endpoint, hour, writer, made, success, fail, canceled)
    SELECT partition, endpoint, hour, $25::int4, count(*), 0, 0, 0 FROM planned
    GROUP BY partition, endpoint, hour ORDER BY partition, endpoint, hour
    ${addHours})`;

const plain = statement<RefusalRow>(
  "publish-plain",
  `WITH ${dead},
  refused AS (SELECT id FROM dead),
  ${writes}
  SELECT id, NULL::bytea AS request_hash, NULL::int4 AS status, NULL::int8 AS message,
    NULL::text AS json, false AS lives, NULL::int8 AS taken_by, NULL::int8 AS twin_request,
    NULL::int8 AS twin_message FROM dead`,
);

/** Where no message is of a request, nothing is looked for or written of any. */
const noRequests: RequestParts = {
  twins: "SELECT NULL::int8 AS id, NULL::int8 AS request, NULL::int8 AS message WHERE false",
  writes: "",
};

/**
 * For a group in which a message has an idempotency key or an event id (`OFFSET 0`: the rows are
 * found by their key, never by their expiry). One that came in force after
 * the snapshot makes `expires_at` NULL, which the column refuses: the whole statement fails and is run
 * again, with a snapshot that has it.
 */
const keyed = statement<RefusalRow>("publish-keyed", keyedText(noRequests));

/** For a group in which a message is of a source's request. */
const received = statement<RefusalRow>(
  "publish-received",
  keyedText({
    // The newest request of the same event, as long as its window lasts.
    twins: `SELECT r.message AS id, t.request, t.message FROM ${requestArrays}
    CROSS JOIN LATERAL (SELECT * FROM request_keys WHERE partition = r.partition
      AND source = r.source AND key = r.key OFFSET 0) t
    WHERE t.expires_at > r.received_at`,
    // A commit that was in doubt and is run again finds its own rows.
    writes: `,
  requested AS (
    INSERT INTO requests (id, source, application, partition, outcome, reason, message,
      duplicate_of, repeats, kept_until, retain_until, doc, day)
    SELECT r.id, r.source, r.application, r.partition,
      CASE WHEN t.id IS NULL THEN 'accepted' ELSE 'duplicate' END,
      CASE WHEN t.id IS NULL THEN r.reason ELSE 'duplicate-event' END,
      CASE WHEN t.id IS NULL THEN r.message ELSE t.message END,
      t.request, 0, NULL, r.retain_until, r.doc, r.day
    FROM ${requestArrays} LEFT JOIN twins t ON t.id = r.message
    WHERE r.message NOT IN (SELECT id FROM dead)
    ON CONFLICT (partition, source, id, day) DO NOTHING),
  request_keys AS (
    INSERT INTO request_keys AS t (partition, source, key, request, message, created_at, expires_at)
    SELECT r.partition, r.source, r.key, r.id, r.message, r.received_at, r.key_until
    FROM ${requestArrays} WHERE r.key IS NOT NULL AND ${notRefused("r.message")} ORDER BY 1, 2, 3
    ON CONFLICT (partition, source, key) DO UPDATE SET request = excluded.request,
      message = excluded.message, created_at = excluded.created_at,
      expires_at = CASE WHEN t.expires_at <= excluded.created_at THEN excluded.expires_at END)`,
  }),
);

interface RequestParts {
  readonly twins: string;
  readonly writes: string;
}

function keyedText({ twins, writes: requestWrites }: RequestParts): string {
  return `WITH ${dead},
  known AS MATERIALIZED (
    SELECT k.id, i.request_hash, i.status, i.message, i.json FROM ${keyArrays}
    CROSS JOIN LATERAL (SELECT * FROM idempotency WHERE key_hash = k.key_hash OFFSET 0) i
    WHERE i.expires_at > k.created_at),
  taken AS MATERIALIZED (
    SELECT e.id, t.message FROM ${eventArrays}
    CROSS JOIN LATERAL (SELECT * FROM event_ids WHERE partition = e.partition
      AND application = e.application AND event_id = e.event_id OFFSET 0) t
    WHERE t.expires_at > e.created_at),
  twins AS MATERIALIZED (${twins}),
  refused AS MATERIALIZED (
    SELECT id FROM dead UNION SELECT id FROM known UNION SELECT id FROM taken
    UNION SELECT id FROM twins),
  ${writes},
  keys AS (
    INSERT INTO idempotency AS i (key_hash, request_hash, created_at, expires_at, status, message, json)
    SELECT k.key_hash, k.request_hash, k.created_at, k.expires_at, k.status, k.message, k.json
    FROM ${keyArrays} WHERE ${notRefused("k.id")} ORDER BY 1
    ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash,
      created_at = excluded.created_at, status = excluded.status, message = excluded.message,
      json = excluded.json,
      expires_at = CASE WHEN i.expires_at <= excluded.created_at THEN excluded.expires_at END),
  event_keys AS (
    INSERT INTO event_ids AS t (partition, application, event_id, message, created_at, expires_at)
    SELECT e.partition, e.application, e.event_id, e.id, e.created_at, e.expires_at
    FROM ${eventArrays} WHERE ${notRefused("e.id")} ORDER BY 1, 2, 3
    ON CONFLICT (partition, application, event_id) DO UPDATE SET message = excluded.message,
      created_at = excluded.created_at,
      expires_at = CASE WHEN t.expires_at <= excluded.created_at THEN excluded.expires_at END)
  ${requestWrites}
  SELECT r.id, known.request_hash, known.status, known.message, known.json,
    r.id NOT IN (SELECT id FROM dead) AS lives, taken.message AS taken_by,
    twins.request AS twin_request, twins.message AS twin_message
  FROM refused r LEFT JOIN known ON known.id = r.id LEFT JOIN taken ON taken.id = r.id
  LEFT JOIN twins ON twins.id = r.id`;
}

export interface PublishStatement {
  readonly statement: typeof plain;
  readonly values: SqlValue[];
}

/** `homes` has the partition of each delivery's endpoint. */
export function publishStatement(
  group: readonly Publication[],
  homes: (publication: Publication, index: number) => number,
  writer: number,
): PublishStatement {
  const values = [...messageValues(group), ...deliveryValues(group, homes), writer];
  const withRequests = group.some(({ reception }) => reception !== undefined);
  if (!withRequests && !group.some(isKeyed)) return { statement: plain, values };
  const keys = [...values, ...keyValues(group), ...eventValues(group)];
  if (!withRequests) return { statement: keyed, values: keys };
  return { statement: received, values: [...keys, ...requestValues(group)] };
}

export function toRefusal(row: RefusalRow): Refusal {
  const { id, json, lives, message, request_hash, status, taken_by } = row;
  const { twin_message, twin_request } = row;
  const key =
    request_hash === null || status === null ? null : { request_hash, status, message, json };
  const twin =
    twin_request === null || twin_message === null
      ? null
      : { request: twin_request, message: twin_message };
  return { id, lives, taken_by, key, twin };
}

function isKeyed({ message, remember }: Publication): boolean {
  return message.eventId !== null || remember !== undefined;
}

function messageValues(group: readonly Publication[]): Buffer[] {
  const messages = group.map(({ message }) => message);
  const docs = messages.map(docsOf);
  return [
    int8s(messages.map(({ id }) => id)),
    int8s(messages.map(({ application }) => application)),
    int8s(messages.map(({ createdAt }) => createdAt)),
    int8s(messages.map(({ retainUntil }) => retainUntil)),
    int4s(messages.map(({ partition }) => partition)),
    int4s(messages.map(({ retainUntil }) => dayOf(retainUntil))),
    texts(messages.map(({ eventType }) => eventType)),
    texts(messages.map(({ channels }) => listToText(channels))),
    texts(messages.map(({ tags }) => listToText(tags))),
    texts(docs.map(({ doc }) => doc)),
    texts(docs.map(({ content }) => content)),
    texts(messages.map(({ payloadJson }) => payloadJson)),
    byteas(messages.map(({ content }) => content.body)),
  ];
}

function deliveryValues(
  group: readonly Publication[],
  homes: (publication: Publication, index: number) => number,
): Buffer[] {
  const rows = group.flatMap((publication) =>
    publication.deliveries.map((planned, index) => ({
      planned,
      message: publication.message,
      partition: homes(publication, index),
    })),
  );
  return [
    int8s(rows.map(({ planned }) => planned.id)),
    int8s(rows.map(({ planned }) => planned.endpoint)),
    int8s(rows.map(({ planned }) => planned.due)),
    int8s(rows.map(({ message }) => message.application)),
    int8s(rows.map(({ message }) => message.id)),
    int8s(rows.map(({ message }) => message.expiresAt)),
    int4s(rows.map(({ partition }) => partition)),
    int4s(rows.map(({ message }) => message.partition)),
    int4s(rows.map(({ message }) => dayOf(message.retainUntil))),
    int4s(rows.map(({ message }) => Math.floor(idTimeMs(message.id) / hourMs))),
    texts(rows.map(({ planned }) => planned.rule)),
  ];
}

function keyValues(group: readonly Publication[]): Buffer[] {
  const rows = group.flatMap(({ message, remember }) =>
    remember === undefined ? [] : [{ message, remember, answer: remember.answer }],
  );
  return [
    int8s(rows.map(({ message }) => message.id)),
    byteas(rows.map(({ remember }) => hashToBytes(remember.keyHash))),
    byteas(rows.map(({ remember }) => hashToBytes(remember.requestHash))),
    int8s(rows.map(({ message }) => message.createdAt)),
    int8s(rows.map(({ remember }) => remember.expiresAt)),
    int4s(rows.map(({ answer }) => answer.status)),
    int8s(rows.map(({ answer }) => (answer.kind === "message" ? answer.message : null))),
    texts(rows.map(({ answer }) => (answer.kind === "body" ? answer.json : null))),
  ];
}

function eventValues(group: readonly Publication[]): Buffer[] {
  const messages = group.map(({ message }) => message).filter(({ eventId }) => eventId !== null);
  return [
    int8s(messages.map(({ id }) => id)),
    int4s(messages.map(({ partition }) => partition)),
    int8s(messages.map(({ application }) => application)),
    texts(messages.map(({ eventId }) => eventId)),
    int8s(messages.map(({ createdAt }) => createdAt)),
    int8s(messages.map(({ retainUntil }) => retainUntil)),
  ];
}

function requestValues(group: readonly Publication[]): Buffer[] {
  const rows = group.flatMap(({ message, reception }) =>
    reception === undefined ? [] : [{ ...reception, message: message.id }],
  );
  return [
    int8s(rows.map(({ request }) => request.id)),
    int8s(rows.map(({ message }) => message)),
    int8s(rows.map(({ request }) => request.source)),
    int8s(rows.map(({ request }) => request.application)),
    int4s(rows.map(({ request }) => request.partition)),
    int4s(rows.map(({ request }) => dayOf(request.retainUntil))),
    texts(rows.map(({ request }) => request.reason)),
    int8s(rows.map(({ request }) => request.retainUntil)),
    texts(rows.map(({ request }) => docOf(request))),
    byteas(rows.map(({ dedupe }) => (dedupe === null ? null : hashToBytes(dedupe.keyHash)))),
    int8s(rows.map(({ dedupe }) => dedupe?.until ?? null)),
    int8s(rows.map(({ request }) => request.receivedAt)),
  ];
}
