import { encodeHex } from "../bytes.ts";
import type { Claim, EntryCounts, Failure, NewEntry, StoredEntry } from "./entry.ts";
import type { EntryQuery, Inbox } from "./inbox.ts";
import { createTable, postgresStatements } from "./postgres-statements.ts";
import { claimOf, countsOf, storedEntryOf } from "./row.ts";
import { checkTableName } from "./table-name.ts";

/** What is used of a `Pool`, `Client` or pool client of `pg`. */
export interface PostgresQueries {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What is used of a `Pool` of `pg`. */
export interface PostgresPool<
  Client extends PostgresQueries = PostgresQueries,
> extends PostgresQueries {
  connect(): Promise<Client & { release(destroy?: boolean | Error): void }>;
}

export interface PostgresInboxOptions {
  /** Made when it is not there. @default "posthorn_inbox" */
  readonly table?: string;
}

export interface PostgresInbox<Transaction = undefined> extends Inbox<Transaction> {
  /** Makes the table; otherwise the first use does. */
  prepare(): Promise<void>;

  /**
   * For handlers of your own: remembers in **your** open transaction that `id` was handled. `first`: do the effect in
   * the same transaction and commit, or roll both back. `duplicate`: another transaction committed it before; one
   * that is still open is waited for.
   */
  once(client: PostgresQueries, source: string, id: string): Promise<"first" | "duplicate">;
}

/**
 * An inbox in a table of your Postgres (12 or later), for any number of processes. Give a `pg` pool or client; with
 * `transactional` (a pool is needed) each handler gets `context.transaction`, the client in whose transaction its
 * event becomes done: what the handler writes with it commits together with that, or not at all.
 */
export function postgresInbox<Client extends PostgresQueries>(
  pool: PostgresPool<Client>,
  options: PostgresInboxOptions & { readonly transactional: true },
): PostgresInbox<Client>;
export function postgresInbox(
  database: PostgresQueries,
  options?: PostgresInboxOptions & { readonly transactional?: false },
): PostgresInbox;
export function postgresInbox<Client extends PostgresQueries>(
  database: PostgresQueries | PostgresPool<Client>,
  options: PostgresInboxOptions & { readonly transactional?: boolean } = {},
): PostgresInbox<Client | undefined> {
  const { table = "posthorn_inbox", transactional = false } = options;
  checkTableName(table);
  const store = new PostgresStore(database, table);
  if (!transactional) {
    return withCompletion(store, async (claim, handle) => {
      await handle(undefined);
      return store.done(database, claim);
    });
  }
  if (!isPool(database)) throw new TypeError("A transactional inbox needs a pg Pool.");
  return withCompletion(store, (claim, handle) => inTransaction(database, store, claim, handle));
}

type Completion<Transaction> = (
  claim: Claim,
  handle: (transaction: Transaction) => Promise<void>,
) => Promise<"settled" | "lease_lost">;

function withCompletion<Transaction>(
  store: PostgresStore,
  complete: Completion<Transaction>,
): PostgresInbox<Transaction> {
  return {
    durable: true,
    complete,
    prepare: () => store.prepare(),
    once: (client, source, id) => store.once(client, source, id),
    record: (entries) => store.record(entries),
    claim: (source, limit, leaseMs) => store.claim(source, limit, leaseMs),
    extend: (claim, leaseMs) => store.extend(claim, leaseMs),
    fail: (claim, failure) => store.fail(claim, failure),
    counts: (source) => store.counts(source),
    list: (source, query) => store.list(source, query),
    replay: (source, keys) => store.replay(source, keys),
    discard: (source, keys) => store.discard(source, keys),
    prune: (source, olderThanMs) => store.prune(source, olderThanMs),
  };
}

/**
 * The entry's row is done, and so locked, before the handler begins: nobody claims it meanwhile, also when the lease
 * ends, and a handler whose lease was lost before does not run at all.
 */
async function inTransaction<Client extends PostgresQueries>(
  pool: PostgresPool<Client>,
  store: PostgresStore,
  claim: Claim,
  handle: (transaction: Client) => Promise<void>,
): Promise<"settled" | "lease_lost"> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const settled = await store.done(client, claim);
    if (settled === "settled") await handle(client);
    await client.query(settled === "settled" ? "commit" : "rollback");
    client.release();
    return settled;
  } catch (error) {
    // Closed, not given back: a handler that ran out of time may still hold it, and would write into the
    // transaction of whoever gets it next. The server rolls back.
    client.release(true);
    throw error;
  }
}

class PostgresStore {
  readonly #database: PostgresQueries;
  readonly #table: string;
  readonly #sql: ReturnType<typeof postgresStatements>;
  #prepared: Promise<void> | undefined;

  constructor(database: PostgresQueries, table: string) {
    this.#database = database;
    this.#table = table;
    this.#sql = postgresStatements(table);
  }

  /** Concurrent callers share one start, and a failed one can be tried again. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#createTable().catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #createTable(): Promise<void> {
    const found = await this.#database.query("select to_regclass($1) is not null as found", [
      this.#table,
    ]);
    const [row] = found.rows;
    if (typeof row === "object" && row !== null && "found" in row && row.found === true) return;
    // Several processes start at once, and "if not exists" alone races in Postgres.
    await this.#database.query(
      `do $do$ begin perform pg_advisory_xact_lock(7237014); ${createTable(this.#table)} end $do$`,
    );
  }

  async #rows(text: string, values: unknown[]): Promise<readonly unknown[]> {
    await this.prepare();
    return (await this.#database.query(text, values)).rows;
  }

  async record(entries: readonly NewEntry[]): Promise<readonly ("recorded" | "duplicate")[]> {
    if (entries.length === 0) return [];
    const column = <T>(read: (entry: NewEntry) => T): T[] => entries.map(read);
    const rows = await this.#rows(this.#sql.record, [
      column((entry) => entry.source),
      column((entry) => entry.key),
      column((entry) => entry.contentKey ?? null),
      column((entry) => entry.type ?? null),
      column((entry) => entry.orderKey ?? null),
      column((entry) => JSON.stringify(entry.headers)),
      column((entry) => hexOf(entry.body)),
      column((entry) => entry.state),
    ]);
    const recorded = new Set(rows.map(keyOf));
    // The second of two with one key in a delivery is the duplicate.
    return entries.map(({ key }) => (recorded.delete(key) ? "recorded" : "duplicate"));
  }

  async claim(source: string, limit: number, leaseMs: number): Promise<readonly Claim[]> {
    const lease = crypto.randomUUID();
    const values = [source, limit, lease, Math.ceil(leaseMs)];
    return (await this.#rows(this.#sql.claim, values)).map((row) => claimOf(row, lease));
  }

  async extend(claim: Claim, leaseMs: number): Promise<void> {
    await this.#rows(this.#sql.extend, [...heldBy(claim), Math.ceil(leaseMs)]);
  }

  async done(database: PostgresQueries, claim: Claim): Promise<"settled" | "lease_lost"> {
    return settled((await database.query(this.#sql.done, heldBy(claim))).rows);
  }

  async fail(claim: Claim, failure: Failure): Promise<"settled" | "lease_lost"> {
    const { retry, dead } = this.#sql;
    const rows =
      failure.kind === "retry"
        ? this.#rows(retry, [...heldBy(claim), Math.ceil(failure.afterMs), storable(failure.error)])
        : this.#rows(dead, [...heldBy(claim), failure.reason, storable(failure.error)]);
    return settled(await rows);
  }

  async counts(source: string): Promise<EntryCounts> {
    return countsOf(await this.#rows(this.#sql.counts, [source]));
  }

  async list(source: string, query: EntryQuery): Promise<readonly StoredEntry[]> {
    const { state, limit = 100 } = query;
    return (await this.#rows(this.#sql.list, [source, state, limit])).map(storedEntryOf);
  }

  async replay(source: string, keys: readonly string[]): Promise<number> {
    return (await this.#rows(this.#sql.replay, [source, keys])).length;
  }

  async discard(source: string, keys: readonly string[]): Promise<number> {
    return (await this.#rows(this.#sql.discard, [source, keys])).length;
  }

  async prune(source: string, olderThanMs: number): Promise<number> {
    return (await this.#rows(this.#sql.prune, [source, Math.ceil(olderThanMs)])).length;
  }

  async once(client: PostgresQueries, source: string, id: string): Promise<"first" | "duplicate"> {
    await this.prepare();
    const { rows } = await client.query(this.#sql.once, [source, id]);
    return rows.length > 0 ? "first" : "duplicate";
  }
}

function isPool<Client extends PostgresQueries>(
  database: PostgresQueries | PostgresPool<Client>,
): database is PostgresPool<Client> {
  // A client has `connect` too, but no count of others.
  return "connect" in database && "totalCount" in database;
}

function heldBy({ source, key, lease }: Claim): unknown[] {
  return [source, key, lease];
}

function settled(rows: readonly unknown[]): "settled" | "lease_lost" {
  return rows.length > 0 ? "settled" : "lease_lost";
}

function keyOf(row: unknown): string {
  if (typeof row !== "object" || row === null || !("key" in row)) throw new Error("no key");
  return String(row.key);
}

/** Arrays go to Postgres as text, and a byte array in one as this. */
function hexOf(bytes: Uint8Array): string {
  return `\\x${encodeHex(bytes)}`;
}

/** Postgres keeps no NUL in a text. */
function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}
