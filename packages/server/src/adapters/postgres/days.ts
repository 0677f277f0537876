import { dayOf } from "../sql/day.ts";
import { statement, type Database, type Sql } from "./database.ts";
import { migrationLock } from "./migrations.ts";

/** The tables that are kept as long as their message, or as a message would be. */
const tables = ["messages", "deliveries", "attempts", "requests"] as const;

const lock = statement("days-lock", "SELECT pg_advisory_xact_lock($1)");
const exists = statement<{ exists: boolean }>(
  "days-exists",
  "SELECT to_regclass($1) IS NOT NULL AS exists",
);
/** Those that have every table: an older version made days without the last one. */
const whole = statement<{ day: number }>(
  "days-whole",
  `SELECT substring(c.relname FROM 11)::int4 AS day FROM pg_inherits i
   JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'requests'::regclass ORDER BY day`,
);
const list = statement<{ day: number }>(
  "days-list",
  `SELECT substring(c.relname FROM 11)::int4 AS day FROM pg_inherits i
   JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = 'messages'::regclass ORDER BY day`,
);
const waits = statement<{ one: number }>(
  "days-waits",
  "SELECT 1 AS one FROM queue WHERE day = $1 LIMIT 1",
);
const expire = statement(
  "days-expire",
  "UPDATE queue SET expires_at = $2 WHERE day = $1 AND (expires_at IS NULL OR expires_at > $2)",
);

export function tableOfDay(table: (typeof tables)[number], day: number): string {
  return `${table}_d${day}`;
}

/**
 * Makes and drops the days' partitions. A day is made when the first message asks for it, and the
 * one after it along with it, so that nobody waits at midnight.
 */
export class Days {
  readonly #database: Database;
  readonly #known = new Set<number>();

  constructor(database: Database) {
    this.#database = database;
  }

  async load(): Promise<void> {
    for (const { day } of await this.#database.all(whole)) this.#known.add(day);
  }

  has(day: number): boolean {
    return this.#known.has(day);
  }

  /** Another process may have dropped some: what is not there is made again. */
  forget(): void {
    this.#known.clear();
  }

  async ensure(day: number): Promise<void> {
    if (this.#known.has(day)) return;
    const days = [day, day + 1].filter((each) => !this.#known.has(each));
    await this.#database.transact((sql) => makeDays(sql, days));
    for (const each of days) this.#known.add(each);
  }

  /**
   * Drops the days that ended before `now`. What still waits in one expires now: its owner ends it,
   * and a later round drops the day.
   */
  async drop(now: number): Promise<void> {
    const today = dayOf(now);
    for (const { day } of await this.#database.all(list)) {
      if (day >= today) return;
      await this.#database.run(expire, day, now);
      if ((await this.#database.get(waits, day)) !== undefined) continue;
      try {
        await this.#database.transact((sql) => dropDay(sql, day));
        this.#known.delete(day);
      } catch (error) {
        if (!(error instanceof StillNeeded)) throw error;
      }
    }
  }
}

/**
 * Made apart and then attached: `CREATE TABLE … PARTITION OF` would lock out every reader of the
 * whole table, and wait for the longest one.
 */
async function makeDays(sql: Sql, days: readonly number[]): Promise<void> {
  await sql.run(lock, migrationLock);
  for (const day of days) {
    for (const table of tables) {
      const name = tableOfDay(table, day);
      if ((await sql.get(exists, name))?.exists === true) continue;
      await sql.exec(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL);
        ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM (${day}) TO (${day + 1})`);
    }
  }
}

async function dropDay(sql: Sql, day: number): Promise<void> {
  // It needs the whole table for a moment: whoever holds it for long is not to hold publishers up, too.
  await sql.exec("SET LOCAL lock_timeout = '200ms'");
  await sql.run(lock, migrationLock);
  for (const table of tables) await sql.exec(`DROP TABLE IF EXISTS ${tableOfDay(table, day)}`);
  // Nobody has a message of the day in hand any more, so this sees a resend that came in between.
  if ((await sql.get(waits, day)) !== undefined) throw new StillNeeded();
}

class StillNeeded extends Error {}
