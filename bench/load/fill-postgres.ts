import { createSystemClock } from "../../packages/server/src/adapters/clock.ts";
import {
  openDatabase,
  statement,
  type Database,
} from "../../packages/server/src/adapters/postgres/database.ts";
import { Days } from "../../packages/server/src/adapters/postgres/days.ts";
import { dayOf } from "../../packages/server/src/adapters/sql/day.ts";
import { readInstallation } from "../../packages/server/src/adapters/postgres/installation.ts";
import { createIdCodec, firstIdAt } from "../../packages/server/src/domain/ids.ts";
import { payloadOf } from "./payload.ts";
import { query } from "./postgres.ts";

export interface Rows {
  /** As the API shows them. */
  readonly application: string;
  readonly endpoint: string;
  readonly count: number;
  readonly payloadBytes: number;
}

const dayMs = 86_400_000;
const retentionDays = 90;
const messageColumns = `id, application, created_at, retain_until, partition, day, event_type,
  channels, tags, doc, content, body`;
/** What a message has beside its keys: `p.*` are the constants of all. */
const messageRest = `'bench.sent', '["bench"]', NULL,
  '{"eventId":null,"deliverAt":null,"expiresAt":null,"configVersion":1}',
  '{"headers":{},"contentType":null}', convert_to(p.body, 'UTF8')`;
const constants = `(SELECT $1::int8 AS application, $2::int8 AS endpoint, $3::int4 AS partition,
  $4::int8 AS first_id, $5::int8 AS at, $6::int4 AS count, $7::text AS body) p`;

/** Deliveries that are due, and wait. */
const waiting = `WITH made AS MATERIALIZED (
    SELECT p.*, p.first_id + 2 * n AS id FROM ${constants}, generate_series(0, p.count - 1) n),
  stored AS (
    INSERT INTO messages (${messageColumns})
    SELECT p.id, p.application, p.at, p.at + ${retentionDays * dayMs}, p.partition,
      (p.at + ${retentionDays * dayMs}) / ${dayMs}, ${messageRest} FROM made p)
  INSERT INTO queue (delivery, endpoint, due, application, message, partition, message_partition,
    day, attempts, resent, rule)
  SELECT p.id + 1, p.endpoint, p.at, p.application, p.id, p.partition, p.partition,
    (p.at + ${retentionDays * dayMs}) / ${dayMs}, 0, false, 'publish' FROM made p`;

/** Messages that were delivered at the first attempt, evenly over the last 90 days. */
const history = `WITH made AS MATERIALIZED (
    SELECT p.*, created_at + ${retentionDays * dayMs} AS retain_until, created_at,
      (p.first_id / 8192 + created_at - p.at) * 8192 AS id
    FROM ${constants}, generate_series(0, p.count - 1) n,
    LATERAL (SELECT p.at + (n * ${retentionDays * dayMs}::int8) / p.count AS created_at) t),
  stored AS (
    INSERT INTO messages (${messageColumns})
    SELECT p.id, p.application, p.created_at, p.retain_until, p.partition,
      p.retain_until / ${dayMs}, ${messageRest} FROM made p),
  ended AS (
    INSERT INTO deliveries (message, endpoint, delivery, application, ended_at, partition, day,
      attempts, state, resent, reason)
    SELECT p.id, p.endpoint, p.id + 1, p.application, p.created_at, p.partition,
      p.retain_until / ${dayMs}, 1, 0, false, 'delivered' FROM made p)
  INSERT INTO attempts (message, id, endpoint, delivery, application, started_at, partition, day,
    status, outcome, doc, response_headers, response_body)
  SELECT p.id, p.id + 2, p.endpoint, p.id + 1, p.application, p.created_at, p.partition,
    p.retain_until / ${dayMs}, 204, 'delivered', '{"number":1,"trigger":"schedule",' ||
      '"errorClass":null,"detail":null,"phases":{"queueMs":0,"totalMs":1,"reused":true},' ||
      '"address":null,"endpointVersion":1,"worker":"bench","truncated":false}', '[]', ''
  FROM made p`;

const partitionOf = statement<{ partition: number }>(
  "fill-partition",
  "SELECT partition FROM endpoints WHERE id = $1",
);

/** Writes deliveries that wait. No server may run on it. */
export async function addWaitingRows(url: string, rows: Rows): Promise<void> {
  await fill(url, rows, async (database, at, constants) => {
    await new Days(database).ensure(dayOf(at + retentionDays * dayMs));
    await query(url, waiting, [...constants, firstIdAt(at), at, rows.count, bodyOf(rows)]);
    // It goes on after the ids that are there.
    await query(url, "UPDATE installation SET ids_until = $1", [firstIdAt(at) + 2 * rows.count]);
  });
}

/** Writes a message, a delivery and an attempt for each of `count`. No server may run on it. */
export async function addHistoryRows(url: string, rows: Rows): Promise<void> {
  await fill(url, rows, async (database, now, constants) => {
    const days = new Days(database);
    const first = now - retentionDays * dayMs;
    for (let day = 0; day <= retentionDays; day += 1) await days.ensure(dayOf(now) + day);
    await query(url, history, [...constants, firstIdAt(first), first, rows.count, bodyOf(rows)]);
  });
}

async function fill(
  url: string,
  { application, endpoint }: Rows,
  write: (database: Database, now: number, constants: readonly number[]) => Promise<void>,
): Promise<void> {
  const database = openDatabase({ url, connections: 1, name: "bench" });
  try {
    const { name } = await readInstallation(database);
    const codec = createIdCodec(name);
    const ids = [codec.parse("application", application), codec.parse("endpoint", endpoint)];
    const [applicationId, endpointId] = ids;
    if (applicationId === undefined || endpointId === undefined) {
      throw new Error("ids of another store");
    }
    const row = await database.get(partitionOf, endpointId);
    if (row === undefined) throw new Error("the endpoint is missing");
    const now = createSystemClock().now();
    await write(database, Math.floor(now), [applicationId, endpointId, row.partition]);
    // As on a database that has been running for a while.
    await query(url, "VACUUM (ANALYZE)");
    await query(url, "CHECKPOINT");
  } finally {
    await database.close();
  }
}

function bodyOf({ payloadBytes }: Rows): string {
  return payloadOf(0, 0, payloadBytes);
}
