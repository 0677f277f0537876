import { z } from "zod";
import type { TestDatabase } from "./open.ts";

export interface Ledger {
  /** `eventId`s of messages whose delivery waits. */
  readonly waiting: ReadonlySet<string>;
  readonly delivered: ReadonlySet<string>;
}

const counts = z.array(z.object({ partitions: z.int() }));

/** How many partitions each worker has, those with most first; `nobody` is none. */
export async function sharesOf(database: Pick<TestDatabase, "query">): Promise<readonly number[]> {
  const found = await database.query(
    "SELECT count(*)::int AS partitions FROM leases WHERE owner <> '' GROUP BY owner ORDER BY 1 DESC",
  );
  return counts.parse(found).map(({ partitions }) => partitions);
}

const rows = z.array(z.object({ event_id: z.string() }));

const attempted = z.array(z.object({ event_id: z.string(), attempts: z.int() }));

/** How many attempts are recorded of each message, by its `eventId`. */
export async function attemptsIn(
  database: Pick<TestDatabase, "query">,
): Promise<ReadonlyMap<string, number>> {
  const found = await database.query(
    `SELECT m.doc::json ->> 'eventId' AS event_id, count(*)::int AS attempts
     FROM attempts a JOIN messages m ON m.id = a.message GROUP BY 1`,
  );
  return new Map(attempted.parse(found).map((row) => [row.event_id, row.attempts]));
}

/** What the database says, past the server. */
export async function readLedger(database: TestDatabase): Promise<Ledger> {
  const eventId = "m.doc::json ->> 'eventId' AS event_id";
  const read = async (from: string) => {
    const found = rows.parse(await database.query(`SELECT ${eventId} FROM ${from}`));
    return new Set(found.map((row) => row.event_id));
  };
  return {
    waiting: await read("queue q JOIN messages m ON m.id = q.message"),
    delivered: await read(
      "deliveries d JOIN messages m ON m.id = d.message WHERE d.reason = 'delivered'",
    ),
  };
}
