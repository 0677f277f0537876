import {
  movedTables,
  noRows,
  type ColumnKind,
  type MovedRow,
  type MovedTable,
  type MovedValue,
  type Tally,
} from "../sql/moved-tables.ts";
import { byteas, int4s, int8s, texts } from "./arrays.ts";
import {
  guarded,
  openDatabase,
  statement,
  type Database,
  type Sql,
  type SqlValue,
} from "./database.ts";
import { Days } from "./days.ts";
import { migrate, migrationLock } from "./migrations.ts";
import { refusal } from "./refusal.ts";

/** How far a table has come: what was written, and where the source is read on. */
export interface MovingProgress extends Tally {
  /** `null`: from the start, or all of it when `done`. */
  readonly cursor: string | null;
  readonly done: boolean;
}

export interface MovingInstallation {
  readonly name: string;
  readonly partitions: number;
  readonly idsUntil: number;
  /** A text that was sealed under the master key of the source. */
  readonly keyCheck: string | undefined;
  readonly stamp: string;
  readonly days: readonly number[];
}

/** A database that a store is copied into. No server starts on it until that is done. */
export interface MovingTarget {
  /**
   * Makes it ready, or finds it as an earlier call left it. Throws with what to do when it has
   * something else.
   */
  begin(from: MovingInstallation): Promise<"new" | "resumed" | "done">;
  progress(table: MovedTable): Promise<MovingProgress>;
  /** Rows and progress in one transaction. */
  write(table: MovedTable, rows: readonly MovedRow[], progress: MovingProgress): Promise<void>;
  /** All rows of a table, in any order. */
  read(table: MovedTable, take: (rows: readonly MovedRow[]) => void): Promise<void>;
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Refuses a database into which a store is being moved. */
export async function refuseMoving(sql: Sql): Promise<void> {
  if ((await sql.get(isMoving))?.moving !== true) return;
  throw new Error(
    "a store is being moved into this database: run posthorn migrate-store again until it says " +
      "that it is done",
  );
}

const rowsAtOnce = 1_000;
const tables = Object.keys(movedTables).filter((name): name is MovedTable => name in movedTables);

const isMoving = statement<{ moving: boolean }>(
  "moving-under-way",
  "SELECT to_regclass('store_move') IS NOT NULL AS moving",
);
const lock = statement("moving-lock", "SELECT pg_advisory_xact_lock($1)");
const installed = statement<{ name: string }>("moving-installed", "SELECT name FROM installation");
const install = statement(
  "moving-install",
  `INSERT INTO installation (one, name, partitions, ids_until, checks, key_check)
   VALUES (1, $1, $2, $3, 0, $4)`,
);
const stampOf = statement<{ stamp: string }>(
  "moving-stamp",
  "SELECT cursor AS stamp FROM store_move WHERE step = ''",
);
const keepStamp = statement(
  "moving-keep-stamp",
  "INSERT INTO store_move (step, cursor, rows, sum, done) VALUES ('', $1, 0, '0', false)",
);
const progressOf = statement<MovingProgress>(
  "moving-progress",
  "SELECT cursor, rows, sum, done FROM store_move WHERE step = $1",
);
const keepProgress = statement(
  "moving-keep-progress",
  `INSERT INTO store_move (step, cursor, rows, sum, done) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (step) DO UPDATE SET cursor = excluded.cursor, rows = excluded.rows,
   sum = excluded.sum, done = excluded.done`,
);

export async function openMovingTarget(url: string): Promise<MovingTarget> {
  const database = openDatabase({ url, connections: 2, name: "posthorn migrate-store" });
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw refusal(error);
  }
  return {
    begin: (from) => guarded(begin(database, from)),
    progress: async (table) =>
      (await guarded(database.get(progressOf, table))) ?? { ...noRows, cursor: null, done: false },
    write: (table, rows, progress) => guarded(write(database, table, rows, progress)),
    read: (table, take) => guarded(read(database, table, take)),
    finish: async () => {
      await database.exec("DROP TABLE store_move");
      await database.exec("ANALYZE");
    },
    close: () => database.close(),
  };
}

async function begin(
  database: Database,
  from: MovingInstallation,
): Promise<"new" | "resumed" | "done"> {
  const found = await database.transact((sql) => prepare(sql, from));
  // Made apart: each locks the tables for a moment.
  const days = new Days(database);
  await days.load();
  if (found !== "done") for (const day of from.days) await days.ensure(day);
  return found;
}

async function prepare(sql: Sql, from: MovingInstallation): Promise<"new" | "resumed" | "done"> {
  await sql.run(lock, migrationLock);
  const name = (await sql.get(installed))?.name;
  if (name === from.name) {
    if ((await sql.get(isMoving))?.moving !== true) return "done";
    if ((await sql.get(stampOf))?.stamp === from.stamp) return "resumed";
    throw new Error(
      "the source was used since this move began: empty the target (drop and create the database) " +
        "and begin again",
    );
  }
  for (const table of tables) await refuseRows(sql, table);
  if (name !== undefined) throw new Error(notEmpty("installation"));
  await sql.exec(`CREATE TABLE store_move (step text PRIMARY KEY, cursor text, rows int8 NOT NULL,
    sum text NOT NULL, done bool NOT NULL)`);
  await sql.run(keepStamp, from.stamp);
  await sql.run(install, from.name, from.partitions, from.idsUntil, from.keyCheck ?? null);
  return "new";
}

async function refuseRows(sql: Sql, table: MovedTable): Promise<void> {
  const any = statement<{ one: number }>(
    `moving-any-${table}`,
    `SELECT 1 AS one FROM ${table} LIMIT 1`,
  );
  if ((await sql.get(any)) !== undefined) throw new Error(notEmpty(table));
}

function notEmpty(table: string): string {
  return (
    `the target is not empty (table ${table}): a store is moved into a database of its own; make ` +
    "a new one with CREATE DATABASE, and name that"
  );
}

function write(
  database: Database,
  table: MovedTable,
  rows: readonly MovedRow[],
  progress: MovingProgress,
): Promise<void> {
  const { cursor, done, rows: count, sum } = progress;
  return database.transact(async (sql) => {
    if (rows.length > 0) await sql.run(insertOf(table), ...valuesOf(table, rows));
    await sql.run(keepProgress, table, cursor, count, sum, done);
  });
}

function columnsOf(table: MovedTable): readonly (readonly [name: string, kind: ColumnKind])[] {
  return Object.entries(movedTables[table]);
}

/** `unnest` of arrays in binary; what has no array of its own goes as another type. */
const arrayTypes: Readonly<Record<ColumnKind, string>> = {
  int4: "int4",
  int8: "int8",
  text: "text",
  bytea: "bytea",
  float8: "text",
  bool: "int4",
};

function insertOf(table: MovedTable) {
  const columns = columnsOf(table);
  const names = columns.map(([name]) => `"${name}"`).join(", ");
  const arrays = columns.map(([, kind], index) => `$${index + 1}::${arrayTypes[kind]}[]`);
  const read = columns.map(([name, kind]) =>
    kind === arrayTypes[kind] ? `"${name}"` : `"${name}"::${kind}`,
  );
  return statement(
    `moving-insert-${table}`,
    `INSERT INTO ${table} (${names}) SELECT ${read.join(", ")}
     FROM unnest(${arrays.join(", ")}) AS moved (${names})`,
  );
}

function valuesOf(table: MovedTable, rows: readonly MovedRow[]): SqlValue[] {
  return columnsOf(table).map(([name, kind], index) => {
    const values = rows.map((row) => row[index] ?? null);
    switch (kind) {
      case "int4":
        return int4s(values.map((value) => asNumber(name, value)));
      case "int8":
        return int8s(values.map((value) => asNumber(name, value)));
      case "bool":
        return int4s(values.map((value) => (value === null ? null : Number(value))));
      case "bytea":
        return byteas(values.map((value) => (value instanceof Uint8Array ? value : null)));
      case "text":
      case "float8":
        return texts(values.map((value) => (value === null ? null : String(value))));
    }
  });
}

function asNumber(name: string, value: MovedValue): number | null {
  if (value === null || typeof value === "number") return value;
  throw new Error(`column ${name} holds ${typeof value}, a number expected`);
}

/** Through a cursor in one snapshot, whatever the size of the table. */
async function read(
  database: Database,
  table: MovedTable,
  take: (rows: readonly MovedRow[]) => void,
): Promise<void> {
  const names = columnsOf(table).map(([name]) => name);
  const columns = names.map((name) => `"${name}"`).join(", ");
  const fetch = statement<Readonly<Record<string, MovedValue>>>(
    `moving-fetch-${table}`,
    `FETCH ${rowsAtOnce} FROM moved`,
  );
  await database.transact(async (sql) => {
    await sql.exec(
      `SET LOCAL enable_seqscan = on; DECLARE moved CURSOR FOR SELECT ${columns} FROM ${table}`,
    );
    for (;;) {
      const rows = await sql.all(fetch);
      if (rows.length === 0) return;
      take(rows.map((row) => names.map((name) => row[name] ?? null)));
    }
  });
}
