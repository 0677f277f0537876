import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What a data folder holds, read from a copy, so that the look itself mends nothing. */
export interface Ledger {
  /** What SQLite's own check says of the file: `ok`. */
  readonly integrity: string;
  /** The `eventId`s of the messages that are there. */
  readonly messages: ReadonlySet<string>;
  /** The `eventId`s of the messages whose delivery is recorded as made. */
  readonly delivered: ReadonlySet<string>;
  /** The `eventId`s of the messages that have a delivery waiting. */
  readonly live: ReadonlySet<string>;
  readonly waiting: number;
}

/** Reads the ledger of a server that has ended, however it did. */
export function readLedger(dataDir: string): Ledger {
  const copy = mkdtempSync(join(tmpdir(), "posthorn-ledger-"));
  try {
    cpSync(dataDir, copy, { recursive: true });
    const database = new DatabaseSync(join(copy, "posthorn.sqlite"));
    const column = (sql: string): readonly unknown[] =>
      database
        .prepare(sql)
        .all()
        .map((row) => row["found"]);
    try {
      return {
        integrity: column("SELECT integrity_check AS found FROM pragma_integrity_check").join("\n"),
        messages: new Set(column("SELECT event_id AS found FROM messages").map(String)),
        delivered: new Set(
          column(
            `SELECT event_id AS found FROM messages
             WHERE id IN (SELECT message FROM deliveries WHERE reason = 'delivered')`,
          ).map(String),
        ),
        live: new Set(
          column(
            "SELECT event_id AS found FROM messages WHERE id IN (SELECT message FROM queue)",
          ).map(String),
        ),
        waiting: column("SELECT delivery AS found FROM queue").length,
      };
    } finally {
      database.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
