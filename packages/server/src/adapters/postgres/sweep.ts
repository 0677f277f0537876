import { firstIdAt, type EndpointId } from "../../domain/ids.ts";
import { hourMs } from "../sql/end-states.ts";
import { statement, type Database } from "./database.ts";
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
const eventIds = statement(
  "sweep-event-ids",
  `DELETE FROM event_ids t USING unnest($1::int4[]) AS p (partition)
   CROSS JOIN LATERAL (SELECT partition, application, event_id FROM event_ids
     WHERE partition = p.partition AND expires_at <= $2 ORDER BY expires_at LIMIT $3) gone
   WHERE t.partition = gone.partition AND t.application = gone.application
     AND t.event_id = gone.event_id AND t.expires_at <= $2`,
);
const requestKeys = statement(
  "sweep-request-keys",
  `DELETE FROM request_keys t USING unnest($1::int4[]) AS p (partition)
   CROSS JOIN LATERAL (SELECT partition, source, key FROM request_keys
     WHERE partition = p.partition AND expires_at <= $2 ORDER BY expires_at LIMIT $3) gone
   WHERE t.partition = gone.partition AND t.source = gone.source
     AND t.key = gone.key AND t.expires_at <= $2`,
);
const keptRequests = statement(
  "sweep-kept-requests",
  `UPDATE requests t SET kept = NULL, body = NULL, kept_until = NULL
   FROM unnest($1::int4[]) AS p (partition)
   CROSS JOIN LATERAL (SELECT partition, source, id, day FROM requests
     WHERE partition = p.partition AND kept_until IS NOT NULL AND kept_until <= $2
     ORDER BY kept_until LIMIT $3) gone
   WHERE t.partition = gone.partition AND t.source = gone.source AND t.id = gone.id
     AND t.day = gone.day`,
);
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
    await database.run(eventIds, places.everywhere, now, rowsAtOnce);
    await database.run(requestKeys, places.everywhere, now, rowsAtOnce);
    await database.run(keptRequests, places.everywhere, now, rowsAtOnce);
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
