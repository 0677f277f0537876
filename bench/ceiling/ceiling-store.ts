import { DatabaseSync } from "node:sqlite";

export interface AcceptedRow {
  readonly id: number;
  readonly eventType: string;
  readonly body: Uint8Array;
  readonly deliveries: number;
}

export interface OutcomeRow {
  readonly message: number;
  readonly endpoint: number;
  readonly startedAt: number;
  readonly status: number;
}

/**
 * The rows that a message needs and nothing else: no index beside the keys, no event ids, no
 * statistics. Durable as Posthorn's: WAL, synchronous=FULL, one sync a commit.
 */
export class CeilingStore {
  readonly #database: DatabaseSync;
  readonly #message;
  readonly #queue;
  readonly #dequeue;
  readonly #delivery;
  readonly #attempt;
  #commits = 0;

  constructor(path: string) {
    const database = new DatabaseSync(path);
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

  /** One transaction, on disk when it returns. */
  commit(accepted: readonly AcceptedRow[], outcomes: readonly OutcomeRow[]): void {
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
    if (this.#commits % 512 === 0) this.checkpoint();
  }

  checkpoint(): void {
    this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  close(): void {
    this.#database.close();
  }
}

function keyOf(message: number, endpoint: number): number {
  return message * 64 + endpoint;
}
