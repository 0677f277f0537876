import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { keyOf, type AcceptedRow, type CeilingStore, type OutcomeRow } from "./ceiling-store.ts";

/** WAL, synchronous=FULL, one sync a commit. */
export class SqliteCeilingStore implements CeilingStore {
  readonly apart = false;
  readonly #database: DatabaseSync;
  readonly #message;
  readonly #queue;
  readonly #dequeue;
  readonly #delivery;
  readonly #attempt;
  #commits = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(join(folder, "ceiling.db"));
    this.#database = database;
    database.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 0;
      CREATE TABLE messages (id INTEGER PRIMARY KEY, event_type TEXT, body BLOB) STRICT;
      CREATE TABLE queue (delivery INTEGER PRIMARY KEY, message INTEGER, endpoint INTEGER,
        due INTEGER) STRICT;
      CREATE TABLE deliveries (id INTEGER PRIMARY KEY, message INTEGER, endpoint INTEGER,
        state INTEGER, ended_at INTEGER) STRICT;
      CREATE TABLE attempts (id INTEGER PRIMARY KEY, message INTEGER, endpoint INTEGER,
        started_at INTEGER, status INTEGER) STRICT;`);
    this.#message = database.prepare("INSERT INTO messages VALUES (?, ?, ?)");
    this.#queue = database.prepare("INSERT INTO queue VALUES (?, ?, ?, ?)");
    this.#dequeue = database.prepare("DELETE FROM queue WHERE delivery = ?");
    this.#delivery = database.prepare("INSERT INTO deliveries VALUES (?, ?, ?, 0, ?)");
    this.#attempt = database.prepare("INSERT INTO attempts VALUES (?, ?, ?, ?, ?)");
  }

  commit(accepted: readonly AcceptedRow[], outcomes: readonly OutcomeRow[]): Promise<void> {
    const now = Date.now();
    this.#database.exec("BEGIN IMMEDIATE");
    for (const { body, deliveries, eventType, id } of accepted) {
      this.#message.run(id, eventType, body);
      for (let endpoint = 0; endpoint < deliveries; endpoint += 1) {
        this.#queue.run(keyOf(id, endpoint), id, endpoint, now);
      }
    }
    for (const { endpoint, message, startedAt, status } of outcomes) {
      const key = keyOf(message, endpoint);
      this.#dequeue.run(key);
      this.#delivery.run(key, message, endpoint, now);
      this.#attempt.run(key, message, endpoint, startedAt, status);
    }
    this.#database.exec("COMMIT");
    this.#commits += 1;
    if (this.#commits % 512 === 0) this.rest();
    return Promise.resolve();
  }

  rest(): void {
    this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }
}
