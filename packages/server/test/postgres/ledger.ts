import { z } from "zod";
import type { TestDatabase } from "./open.ts";

export interface Ledger {
  /** `eventId`s of messages whose delivery waits. */
  readonly waiting: ReadonlySet<string>;
  readonly delivered: ReadonlySet<string>;
}

const rows = z.array(z.object({ event_id: z.string() }));

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
