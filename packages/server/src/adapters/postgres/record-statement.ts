import type { Attempt } from "../../domain/delivery.ts";
import { idTimeMs, type AttemptId } from "../../domain/ids.ts";
import type { Settlement } from "../../ports/dispatch-store.ts";
import { endStateOf, hourMs } from "../sql/end-states.ts";
import { int4s, int8s, texts } from "./arrays.ts";
import { attemptColumns, attemptValues } from "./attempts.ts";
import { only, statement, type SqlValue } from "./database.ts";
import { addHours } from "./rollups.ts";

/** A settlement, and the partition of its endpoint. */
export interface Placed {
  readonly settlement: Settlement;
  readonly partition: number;
}

interface Outcome {
  /** The partitions that the worker has, of those that were asked for. */
  readonly held: readonly number[];
  /** Attempts of deliveries that wait no more: they are not written yet. */
  readonly unplaced: readonly AttemptId[] | null;
}

/** As `idTimeMs` has it: the lower 13 bits of an id are no part of its time. */
const hourOf = (id: string) => `(((${id} >> 13) + ${idTimeMs(0)}) / ${hourMs})::int4`;

const arrays = `unnest($4::int4[], $5::int8[], $6::int8[], $7::int4[], $8::text[], $9::int4[],
  $10::int8[], $11::int8[], $12::int8[], $13::int8[], $14::int8[], $15::int8[], $16::int4[],
  $17::int4[], $18::text[], $19::text[], $20::text[], $21::bytea[])
  AS s (partition, delivery, due, attempts, rule, state, attempt_message, attempt_id,
    attempt_endpoint, attempt_delivery, attempt_application, started_at, attempt_partition, status,
    outcome, doc, response_headers, response_body)`;

/**
 * Outcomes in one statement, which is one transaction and one round trip. The leases are locked
 * against a new owner, who waits for this commit, or has made this one find another epoch; then nothing
 * is written in that partition.
 *
 * An ended delivery's `rule` is its reason and its `due` the time of its end; `state` NULL is a retry,
 * `attempt_id` NULL a discard. Each queue row is found by its key, locked against a resend, and then
 * written at the place where it was found.
 */
export const recordStatement = statement<Outcome>(
  "record",
  `WITH lease AS MATERIALIZED (
    SELECT l.partition FROM unnest($1::int4[], $2::int8[]) AS mine (partition, epoch)
    CROSS JOIN LATERAL (SELECT partition FROM leases
      WHERE partition = mine.partition AND epoch = mine.epoch AND owner = $22
      FOR SHARE OFFSET 0) l),
  held AS MATERIALIZED (SELECT coalesce(array_agg(partition), '{}') AS held FROM lease),
  settled AS MATERIALIZED (
    SELECT s.*, q.place, q.message, q.endpoint, q.application, q.resend_of, q.day, q.resent,
      q.attempts AS attempts_before
    FROM ${arrays} LEFT JOIN LATERAL (
      SELECT ctid AS place, * FROM queue
      WHERE partition = s.partition AND ${only("delivery", "s.delivery")} FOR UPDATE) q ON true
    WHERE s.partition = ANY((SELECT held FROM held)::int4[])),
  gone AS (
    DELETE FROM queue q USING settled s WHERE s.state IS NOT NULL AND q.ctid = s.place
    RETURNING s.message, s.endpoint, s.delivery, s.application, s.due AS ended_at, s.resend_of,
      s.partition, s.day, coalesce(s.attempts, s.attempts_before) AS attempts, s.state, s.resent,
      s.rule AS reason),
  ended AS (
    INSERT INTO deliveries (message, endpoint, delivery, application, ended_at, resend_of, partition,
      day, attempts, state, resent, reason)
    SELECT * FROM gone),
  moved AS (
    UPDATE queue q SET due = s.due, rule = s.rule, attempts = s.attempts FROM settled s
    WHERE s.state IS NULL AND q.ctid = s.place),
  tried AS (
    INSERT INTO attempts (${attemptColumns}, day)
    SELECT attempt_message, attempt_id, attempt_endpoint, attempt_delivery, attempt_application,
      started_at, attempt_partition, status, outcome, doc, response_headers, response_body, day
    FROM settled WHERE attempt_id IS NOT NULL AND day IS NOT NULL
    ON CONFLICT DO NOTHING),
  hours AS (
    INSERT INTO endpoint_hours AS h (partition, endpoint, hour, writer, made, success, fail, canceled)
    SELECT partition, endpoint, hour, $3::int4, 0, count(*) FILTER (WHERE state = 0),
      count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2)
    FROM (SELECT partition, endpoint, state,
      ${hourOf("CASE WHEN resent THEN delivery ELSE message END")} AS hour FROM gone) each
    GROUP BY partition, endpoint, hour ORDER BY partition, endpoint, hour
    ${addHours})
  SELECT held, (SELECT array_agg(attempt_id) FROM settled
    WHERE attempt_id IS NOT NULL AND day IS NULL) AS unplaced
  FROM held`,
);

/** For attempts whose delivery has no queue row: the day is looked up with the message. */
export const addUnplaced = statement(
  "record-unplaced",
  `INSERT INTO attempts (${attemptColumns}, day)
   SELECT a.*, m.day FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[], $5::int8[],
     $6::int8[], $7::int4[], $8::int4[], $9::text[], $10::text[], $11::text[], $12::bytea[])
     AS a (${attemptColumns})
   CROSS JOIN LATERAL (SELECT day FROM messages
     WHERE partition = ANY($13::int4[]) AND application = a.application AND id = a.message
     LIMIT 1) m
   ON CONFLICT DO NOTHING`,
);

export function recordValues(
  placed: readonly Placed[],
  lease: {
    readonly worker: string;
    /** In order: the partition and its epoch. */
    readonly leases: readonly (readonly [number, number])[];
    readonly writer: number;
  },
): SqlValue[] {
  const rows = placed.map(({ partition, settlement }) => ({ partition, ...toRow(settlement) }));
  return [
    int4s(lease.leases.map(([partition]) => partition)),
    int8s(lease.leases.map(([, epoch]) => epoch)),
    lease.writer,
    int4s(rows.map(({ partition }) => partition)),
    int8s(rows.map(({ delivery }) => delivery)),
    int8s(rows.map(({ due }) => due)),
    int4s(rows.map(({ attempts }) => attempts)),
    texts(rows.map(({ rule }) => rule)),
    int4s(rows.map(({ state }) => state)),
    ...attemptValues(
      placed.map(({ partition, settlement }) => ({
        partition,
        attempt: settlement.kind === "discard" ? undefined : settlement.attempt,
      })),
    ),
    lease.worker,
  ];
}

export function attemptsOf(
  placed: readonly Placed[],
): readonly { readonly attempt: Attempt; readonly partition: number }[] {
  return placed.flatMap(({ partition, settlement }) =>
    settlement.kind === "discard" ? [] : [{ partition, attempt: settlement.attempt }],
  );
}

function toRow(settlement: Settlement) {
  switch (settlement.kind) {
    case "retry": {
      const { attempt, due, rule } = settlement;
      return { delivery: attempt.delivery, due, attempts: attempt.number, rule, state: null };
    }
    case "end": {
      const { attempt, reason } = settlement;
      return {
        delivery: attempt.delivery,
        due: Math.round(attempt.startedAt + attempt.phases.totalMs),
        attempts: attempt.number,
        rule: reason,
        state: endStateOf(reason),
      };
    }
    case "discard": {
      const { at, delivery, reason } = settlement;
      return { delivery, due: at, attempts: null, rule: reason, state: endStateOf(reason) };
    }
  }
}
