import { firstIdAt, type EndpointId } from "../../domain/ids.ts";
import { hourMs } from "../sql/end-states.ts";
import { statement, type Database, type Statement } from "./database.ts";
import type { Days } from "./days.ts";
import type { Places } from "./places.ts";

/** How long figures and events are kept, and an endpoint after it was deleted: a year and a month. */
const keptMs = 400 * 86_400_000;
const rowsAtOnce = 1_000;
const endpointsAtOnce = 100;
const betweenDaysMs = 60_000;
const betweenRoundsMs = hourMs;

const keys = statement(
  "sweep-keys",
  `DELETE FROM idempotency i USING (SELECT key_hash FROM idempotency
     WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2) gone
   WHERE i.key_hash = gone.key_hash AND i.expires_at <= $1`,
);
/** The oldest of a table in each partition that has any: until when, so that a step has a bound. */
interface Expired {
  readonly partition: number;
  readonly until: number;
}

/** Two statements, because one over all partitions leaves the planner to begin with the whole table. */
interface ExpiringTable {
  readonly find: Statement<Expired>;
  readonly remove: Statement<unknown>;
}

const expiring: readonly ExpiringTable[] = [
  {
    find: findExpired("event-ids", "event_ids", "expires_at"),
    remove: statement(
      "sweep-event-ids",
      "DELETE FROM event_ids WHERE partition = $1 AND expires_at <= $2",
    ),
  },
  {
    find: findExpired("request-keys", "request_keys", "expires_at"),
    remove: statement(
      "sweep-request-keys",
      "DELETE FROM request_keys WHERE partition = $1 AND expires_at <= $2",
    ),
  },
  {
    find: findExpired("kept-requests", "requests", "kept_until"),
    remove: statement(
      "sweep-kept-requests",
      `UPDATE requests SET kept = NULL, body = NULL, kept_until = NULL
       WHERE partition = $1 AND kept_until IS NOT NULL AND kept_until <= $2`,
    ),
  },
];

function findExpired(name: string, table: string, column: string): Statement<Expired> {
  return statement<Expired>(
    `sweep-find-${name}`,
    `SELECT p.partition, max(gone.until) AS until FROM unnest($1::int4[]) AS p (partition)
     CROSS JOIN LATERAL (SELECT ${column} AS until FROM ${table}
       WHERE partition = p.partition AND ${column} IS NOT NULL AND ${column} <= $2
       ORDER BY ${column} LIMIT $3) gone
     GROUP BY p.partition`,
  );
}

const endpoints = statement<{
  readonly id: EndpointId;
  readonly partition: number;
  readonly deleted_at: number | null;
}>(
  "sweep-endpoints",
  "SELECT id, partition, deleted_at FROM endpoints WHERE id > $1 ORDER BY id LIMIT $2",
);
const hours = statement(
  "sweep-hours",
  "DELETE FROM endpoint_hours WHERE partition = $1 AND endpoint = $2 AND hour < $3",
);
const events = statement(
  "sweep-events",
  "DELETE FROM endpoint_events WHERE partition = $1 AND endpoint = $2 AND id < $3",
);
/** Nothing is signed for a deleted endpoint (`$3`). */
const secrets = statement(
  "sweep-secrets",
  `DELETE FROM endpoint_secrets WHERE partition = $1 AND endpoint = $2
   AND ($3 OR expires_at <= $4)`,
);
const traces = ["queue", "deliveries", "attempts"].map((table) =>
  statement<{ one: number }>(
    `sweep-trace-${table}`,
    `SELECT 1 AS one FROM ${table} WHERE partition = $1 AND endpoint = $2 LIMIT 1`,
  ),
);
const removals = [
  "DELETE FROM endpoint_revisions WHERE partition = $1 AND endpoint = $2",
  "DELETE FROM lanes WHERE partition = $1 AND endpoint = $2",
  `DELETE FROM endpoints WHERE partition = $1 AND id = $2`,
].map((text, index) => statement(`sweep-remove-${index}`, text));

/**
 * Removes what has expired: days of messages and their history whole, the rest in bounded steps. Kept
 * for ever, because people make them and they are few: applications, sources, event types, API keys, and the
 * revisions of endpoints that are there.
 */
export class Sweep {
  readonly #parts: { readonly database: Database; readonly days: Days; readonly places: Places };
  #nextDays = 0;
  #nextRound = 0;
  #beyond = -1;

  constructor(parts: {
    readonly database: Database;
    readonly days: Days;
    readonly places: Places;
  }) {
    this.#parts = parts;
  }

  async step(now: number): Promise<void> {
    const { database, days, places } = this.#parts;
    await database.run(keys, now, rowsAtOnce);
    for (const { find, remove } of expiring) {
      const expired = await database.all(find, places.everywhere, now, rowsAtOnce);
      for (const { partition, until } of expired) await database.run(remove, partition, until);
    }
    if (now >= this.#nextDays) {
      await days.drop(now);
      this.#nextDays = now + betweenDaysMs;
    }
    if (now >= this.#nextRound) await this.#sweepEndpoints(now);
  }

  async #sweepEndpoints(now: number): Promise<void> {
    const { database } = this.#parts;
    const before = now - keptMs;
    const rows = await database.all(endpoints, this.#beyond, endpointsAtOnce);
    for (const { deleted_at, id, partition } of rows) {
      this.#beyond = id;
      await database.run(hours, partition, id, Math.floor(before / hourMs));
      await database.run(events, partition, id, firstIdAt(Math.max(0, before)));
      await database.run(secrets, partition, id, deleted_at !== null, now);
      if (deleted_at !== null && deleted_at <= before) await this.#remove(partition, id);
    }
    if (rows.length === endpointsAtOnce) return;
    this.#beyond = -1;
    this.#nextRound = now + betweenRoundsMs;
  }

  async #remove(partition: number, id: EndpointId): Promise<void> {
    const { database } = this.#parts;
    for (const trace of traces) {
      if ((await database.get(trace, partition, id)) !== undefined) return;
    }
    await database.transact(async (sql) => {
      for (const removal of removals) await sql.run(removal, partition, id);
    });
  }
}
