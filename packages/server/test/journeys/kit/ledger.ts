import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { DeliveryReason } from "../../../src/domain/reasons.ts";
import { databaseOf, testStore } from "../../kit/test-store.ts";

/** What a store holds, read past the server. */
export interface Ledger {
  /** What SQLite's own check says of the file: `ok`. Those of Postgres are its own concern. */
  readonly integrity: string;
  /** The `eventId`s of the messages that are there. */
  readonly messages: ReadonlySet<string>;
  /** The `eventId`s of the messages whose delivery is recorded as made. */
  readonly delivered: ReadonlySet<string>;
  /** The `eventId`s of the messages that have a delivery waiting. */
  readonly live: ReadonlySet<string>;
  readonly waiting: number;
}

type Column = (sql: string) => Promise<readonly unknown[]>;

/** The texts of one column, named `found`, of the store of a data folder. */
async function reading<T>(dataDir: string, read: (column: Column) => Promise<T>): Promise<T> {
  if (testStore === "postgres") {
    const database = await databaseOf(dataDir);
    return read(async (sql) => (await database.query(sql)).map((row) => row["found"]));
  }
  // From a copy, so that the look itself mends nothing.
  const copy = mkdtempSync(join(tmpdir(), "posthorn-ledger-"));
  try {
    cpSync(dataDir, copy, { recursive: true });
    const database = new DatabaseSync(join(copy, "posthorn.sqlite"));
    try {
      return await read(async (sql) =>
        database
          .prepare(sql)
          .all()
          .map((row) => row["found"]),
      );
    } finally {
      database.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Reads the ledger of a server, whether it runs or has ended, however it did. */
export function readLedger(dataDir: string): Promise<Ledger> {
  const onPostgres = testStore === "postgres";
  const eventId = onPostgres ? "doc::json ->> 'eventId'" : "event_id";
  const integrity = onPostgres
    ? "SELECT 'ok' AS found"
    : "SELECT integrity_check AS found FROM pragma_integrity_check";
  return reading(dataDir, async (column) => {
    const set = async (sql: string) => new Set((await column(sql)).map(String));
    const messages = `SELECT ${eventId} AS found FROM messages`;
    // What waits first: what ends meanwhile is then seen twice, and not missed.
    const live = await set(`${messages} WHERE id IN (SELECT message FROM queue)`);
    const delivered = "SELECT message FROM deliveries WHERE reason = 'delivered'";
    return {
      integrity: (await column(integrity)).join("\n"),
      messages: await set(messages),
      delivered: await set(`${messages} WHERE id IN (${delivered})`),
      live,
      waiting: (await column("SELECT delivery AS found FROM queue")).length,
    };
  });
}

/** Whether a delivery has ended for this reason. */
export function hasEnded(dataDir: string, reason: DeliveryReason): Promise<boolean> {
  return reading(dataDir, async (column) => {
    const reasons = await column("SELECT reason AS found FROM deliveries");
    return z.array(z.string()).parse(reasons).includes(reason);
  });
}
