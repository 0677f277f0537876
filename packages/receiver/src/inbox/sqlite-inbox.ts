import type { Claim, EntryCounts, Failure, NewEntry, StoredEntry } from "./entry.ts";
import type { EntryQuery, Inbox } from "./inbox.ts";
import { claimOf, countsOf, storedEntryOf } from "./row.ts";
import { createTable, sqliteStatements } from "./sqlite-statements.ts";
import { checkTableName } from "./table-name.ts";

/** What is used of a `DatabaseSync` of `node:sqlite`, a `Database` of better-sqlite3 or one of `bun:sqlite`. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

export interface SqliteStatement {
  all(...parameters: SqliteValue[]): unknown[];
}

export type SqliteValue = string | number | null | Uint8Array;

export interface SqliteInboxOptions {
  /** Made when it is not there. @default "posthorn_inbox" */
  readonly table?: string;
}

/**
 * An inbox in a table of your SQLite database. It sets `synchronous = FULL` on the connection, because better-sqlite3
 * loses the last commits at a power cut otherwise, and `busy_timeout` where it is 0, for other processes on the file.
 */
export function sqliteInbox(database: SqliteDatabase, options: SqliteInboxOptions = {}): Inbox {
  const { table = "posthorn_inbox" } = options;
  checkTableName(table);
  // First: all that follows reads the file, which another process may be writing to.
  const [row] = database.prepare("pragma busy_timeout").all();
  if (typeof row === "object" && row !== null && "timeout" in row && row.timeout === 0) {
    database.exec("pragma busy_timeout = 2000");
  }
  database.exec("pragma synchronous = full");
  database.exec(createTable(table));
  return new SqliteInbox(database, table);
}

type Statements = Readonly<Record<keyof ReturnType<typeof sqliteStatements>, SqliteStatement>>;

class SqliteInbox implements Inbox {
  readonly durable = true;
  readonly #database: SqliteDatabase;
  readonly #statements: Statements;

  constructor(database: SqliteDatabase, table: string) {
    const sql = sqliteStatements(table);
    this.#database = database;
    this.#statements = {
      insert: database.prepare(sql.insert),
      claim: database.prepare(sql.claim),
      extend: database.prepare(sql.extend),
      done: database.prepare(sql.done),
      retry: database.prepare(sql.retry),
      dead: database.prepare(sql.dead),
      counts: database.prepare(sql.counts),
      list: database.prepare(sql.list),
      replay: database.prepare(sql.replay),
      discard: database.prepare(sql.discard),
      prune: database.prepare(sql.prune),
    };
  }

  async record(entries: readonly NewEntry[]): Promise<readonly ("recorded" | "duplicate")[]> {
    if (entries.length === 1) return entries.map((entry) => this.#insert(entry));
    return this.#inTransaction(() => entries.map((entry) => this.#insert(entry)));
  }

  #insert(entry: NewEntry): "recorded" | "duplicate" {
    const inserted = this.#statements.insert.all(
      entry.source,
      entry.key,
      entry.contentKey ?? null,
      entry.type ?? null,
      entry.orderKey ?? null,
      JSON.stringify(entry.headers),
      entry.body,
      entry.state,
    );
    return inserted.length > 0 ? "recorded" : "duplicate";
  }

  async claim(source: string, limit: number, leaseMs: number): Promise<readonly Claim[]> {
    const lease = crypto.randomUUID();
    const rows = this.#statements.claim.all(lease, leaseMs, source, limit);
    return rows.map((row) => claimOf(row, lease));
  }

  async extend(claim: Claim, leaseMs: number): Promise<void> {
    this.#statements.extend.all(leaseMs, claim.source, claim.key, claim.lease);
  }

  async complete(
    claim: Claim,
    handle: (transaction: undefined) => Promise<void>,
  ): Promise<"settled" | "lease_lost"> {
    await handle(undefined);
    return settled(this.#statements.done.all(claim.source, claim.key, claim.lease));
  }

  async fail(claim: Claim, failure: Failure): Promise<"settled" | "lease_lost"> {
    const { source, key, lease } = claim;
    const { retry, dead } = this.#statements;
    return settled(
      failure.kind === "retry"
        ? retry.all(Math.ceil(failure.afterMs), failure.error, source, key, lease)
        : dead.all(failure.reason, failure.error, source, key, lease),
    );
  }

  async counts(source: string): Promise<EntryCounts> {
    return countsOf(this.#statements.counts.all(source));
  }

  async list(source: string, query: EntryQuery): Promise<readonly StoredEntry[]> {
    const { state, limit = 100 } = query;
    return this.#statements.list.all(source, state, limit).map(storedEntryOf);
  }

  async replay(source: string, keys: readonly string[]): Promise<number> {
    return this.#forEach(this.#statements.replay, source, keys);
  }

  async discard(source: string, keys: readonly string[]): Promise<number> {
    return this.#forEach(this.#statements.discard, source, keys);
  }

  async prune(source: string, olderThanMs: number): Promise<number> {
    return this.#statements.prune.all(source, olderThanMs).length;
  }

  #forEach(statement: SqliteStatement, source: string, keys: readonly string[]): number {
    return this.#inTransaction(
      () => keys.filter((key) => statement.all(source, key).length > 0).length,
    );
  }

  /** No `await` between begin and commit: nothing else of this connection gets into the transaction. */
  #inTransaction<T>(work: () => T): T {
    this.#database.exec("begin immediate");
    try {
      const result = work();
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }
}

function settled(rows: readonly unknown[]): "settled" | "lease_lost" {
  return rows.length > 0 ? "settled" : "lease_lost";
}
