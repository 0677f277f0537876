import pg from "pg";
import { codeOf, faultOf, judged, unavailable } from "./faults.ts";

export type SqlValue = number | string | boolean | Uint8Array | null;

/** A statement under the name that a connection prepares it with, and the rows it returns. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Never there: it carries the type. */
  readonly row?: Row;
}

/** Where statements run: on any connection of the pool, or in one transaction. */
export interface Sql {
  all<Row>(statement: Statement<Row>, ...values: SqlValue[]): Promise<readonly Row[]>;
  get<Row>(statement: Statement<Row>, ...values: SqlValue[]): Promise<Row | undefined>;
  /** The number of rows that it wrote. */
  run(statement: Statement<unknown>, ...values: SqlValue[]): Promise<number>;
  /** A text without parameters, for what is not prepared. */
  exec(text: string): Promise<void>;
}

/** What the store needs of Postgres. Errors come as `StoreUnavailable`, or as the bugs they are. */
export interface Database extends Sql {
  /** Runs in one transaction; again from the start when that lost against another one. */
  transact<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
  /** The same for statements that each are a transaction. */
  retry<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** The most connections. */
  readonly connections: number;
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
}

export function statement<Row = unknown>(name: string, text: string): Statement<Row> {
  return { name, text };
}

/**
 * The one row of a key, whose last column this is, by the index of the key. While a table is small an index
 * that has the column behind others costs the planner as little, and would then read all of a partition
 * for each row; but only the key's has them in this order. Ranges, because equality needs no order.
 */
export const only = (column: string, value: string): string =>
  `${column} BETWEEN ${value} AND ${value} ORDER BY ${column} LIMIT 1`;

const int8 = 20;
const int8Array = 1016;
const connectTimeoutMs = 2_000;
/** A statement that takes longer has met a lock or a dead connection: its caller tries again. */
const statementTimeoutMs = 30_000;
const deadConnectionMs = 35_000;
const transactionTries = 5;

/**
 * Every statement is written for its index, so the planner gets no other choice: a plan made while a
 * table is small would read it whole, and stay when it has grown. `on` is the default, and is said
 * because an answer that leaves after the commit depends on it.
 */
const sessionSettings = {
  synchronous_commit: "on",
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  enable_material: "off",
  jit: "off",
  work_mem: "16MB",
  statement_timeout: statementTimeoutMs,
  idle_in_transaction_session_timeout: statementTimeoutMs,
};

export const sessionOptions = Object.entries(sessionSettings)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(" ");

/** Ids and times are whole numbers that fit a double: not text, as `pg` has them. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") => {
    if (oid === int8) return Number;
    if (oid === int8Array) return toNumbers;
    return pg.types.getTypeParser(oid, format);
  },
};

function toNumbers(text: string): number[] {
  return text === "{}" ? [] : text.slice(1, -1).split(",").map(Number);
}

export function clientConfig(options: Pick<DatabaseOptions, "url" | "name">): pg.ClientConfig {
  return {
    connectionString: options.url,
    application_name: options.name,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: deadConnectionMs,
    keepAlive: true,
    options: sessionOptions,
    types,
  };
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...clientConfig(options),
    max: options.connections,
    idleTimeoutMillis: 60_000,
  });
  // A connection that ends tells the statement that it had under way; one that had none is replaced
  // when the next is asked for. Without a listener the process would end.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return new PooledDatabase(pool);
}

class PooledDatabase implements Database {
  readonly #pool: pg.Pool;
  #closed = false;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async all<Row>(statement: Statement<Row>, ...values: SqlValue[]): Promise<readonly Row[]> {
    return this.#using((sql) => sql.all(statement, ...values));
  }

  async get<Row>(statement: Statement<Row>, ...values: SqlValue[]): Promise<Row | undefined> {
    return this.#using((sql) => sql.get(statement, ...values));
  }

  run(statement: Statement<unknown>, ...values: SqlValue[]): Promise<number> {
    return this.#using((sql) => sql.run(statement, ...values));
  }

  exec(text: string): Promise<void> {
    return this.#using((sql) => sql.exec(text));
  }

  transact<T>(run: (sql: Sql) => Promise<T>): Promise<T> {
    return this.retry((sql) => inTransaction(sql, run));
  }

  async retry<T>(run: (sql: Sql) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#using(run);
      } catch (error) {
        if (tries === transactionTries || !lostAgainstAnother(error)) throw error;
      }
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }

  async #using<T>(run: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.#closed) throw unavailable("closed");
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw new NotSent(error);
    }
    try {
      const result = await run(sessionOf(client));
      client.release();
      return result;
    } catch (error) {
      // A connection in doubt is not used again.
      client.release(codeOf(error) === undefined || faultOf(error) === "unreachable");
      throw error;
    }
  }
}

/** No connection was to be had: nothing reached the database. */
export class NotSent extends Error {
  override name = "NotSent" as const;

  constructor(cause: unknown) {
    super("no connection to the database", { cause });
  }
}

function sessionOf(client: pg.PoolClient): Sql {
  const query = async <Row>(statement: Statement<Row>, values: SqlValue[]) =>
    // The statement and its row type stand side by side, and the columns have the schema's types.
    client.query<Row & pg.QueryResultRow>({ name: statement.name, text: statement.text, values });
  return {
    all: async (statement, ...values) => (await query(statement, values)).rows,
    get: async (statement, ...values) => (await query(statement, values)).rows[0],
    run: async (statement, ...values) => (await query(statement, values)).rowCount ?? 0,
    exec: async (text) => {
      await client.query(text);
    },
  };
}

async function inTransaction<T>(sql: Sql, run: (sql: Sql) => Promise<T>): Promise<T> {
  await sql.exec("BEGIN");
  try {
    const result = await run(sql);
    await sql.exec("COMMIT");
    return result;
  } catch (error) {
    if (faultOf(error) !== "unreachable") await sql.exec("ROLLBACK");
    throw error;
  }
}

/** Aborted for a deadlock or by serialization, or another one took the same key in between. */
export function lostAgainstAnother(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && ["40001", "40P01", "23505", "23502"].includes(code);
}

/** Wraps what callers outside of the adapter see. */
export async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw judged(error instanceof NotSent ? error.cause : error);
  }
}
