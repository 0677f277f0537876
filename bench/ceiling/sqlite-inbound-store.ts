import { hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openDatabase, type Database } from "../../packages/server/src/adapters/sqlite/database.ts";
import { migrate } from "../../packages/server/src/adapters/sqlite/migrations.ts";
import {
  dedupeMs,
  docOf,
  owner,
  retentionMs,
  type InboundRow,
  type InboundStore,
} from "./inbound-store.ts";

/** Statements of its own on Posthorn's own tables; WAL, synchronous=FULL, one sync a commit. */
export class SqliteInboundStore implements InboundStore {
  readonly #database: Database;
  readonly #request;
  readonly #message;
  readonly #queue;
  #commits = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const database = openDatabase(join(folder, "ceiling.db"));
    migrate(database);
    this.#database = database;
    this.#request = database.prepare(
      `INSERT INTO requests (id, source, application, partition, outcome, reason, message, repeats,
       retain_until, doc, dedupe_key, dedupe_until)
       VALUES (?, ?, ?, ?, 'accepted', 'event-received', ?, 0, ?, ?, ?, ?)`,
    );
    this.#message = database.prepare(
      `INSERT INTO messages (id, application, partition, event_type, created_at, retain_until,
       config_version, content_headers, content_type, body, source)
       VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)`,
    );
    this.#queue = database.prepare(
      `INSERT INTO queue (delivery, partition, endpoint, due, application, message, attempts, rule,
       resent) VALUES (?, ?, ?, ?, ?, ?, 0, 'publish', 0)`,
    );
  }

  commit(rows: readonly InboundRow[]): Promise<void> {
    this.#database.exec("BEGIN IMMEDIATE");
    for (const row of rows) this.#add(row);
    this.#database.exec("COMMIT");
    this.#commits += 1;
    if (this.#commits % 64 === 0) this.rest();
    return Promise.resolve();
  }

  rest(): void {
    this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  #add(row: InboundRow): void {
    const { application, endpoint, partition, source } = owner;
    const { body, contentType, delivery, eventType, headers, id, message, receivedAt } = row;
    const until = receivedAt + retentionMs;
    const key = hash("sha256", row.eventId, "buffer");
    const keyUntil = receivedAt + dedupeMs;
    const ids = [id, source, application, partition, message] as const;
    this.#request.run(...ids, until, docOf(row), key, keyUntil);
    const times = [receivedAt, until] as const;
    const content = [headers, contentType, body, source] as const;
    this.#message.run(message, application, partition, eventType, ...times, ...content);
    this.#queue.run(delivery, partition, endpoint, receivedAt, application, message);
  }
}
