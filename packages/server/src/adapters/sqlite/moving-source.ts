import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { MovedRow, MovedTable } from "../sql/moved-tables.ts";
import { lockDataFolder, noteMoved, storeFile } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrations.ts";
import { moving, type SourceRow } from "./moving-rows.ts";

/** Where a read of a table goes on; a text that can be kept. */
export type Cursor = string;

export interface MovedRows {
  readonly rows: readonly MovedRow[];
  /** `null`: there are no more. */
  readonly next: Cursor | null;
}

/** A store that nobody else has open, to be copied to another one. */
export interface MovingSource {
  readonly name: string;
  readonly partitions: number;
  readonly idsUntil: number;
  /** Differs as soon as a server has been started on it, or has written. */
  readonly stamp: string;
  /** The days that its messages and requests belong to. */
  days(): readonly number[];
  count(table: MovedTable): number;
  read(table: MovedTable, after: Cursor | null): MovedRows;
  /** No server starts on it from here on, see `noteMoved`. */
  leave(): void;
  close(): void;
}

const rowsAtOnce = 1_000;
const bytesAtOnce = 8 * 2 ** 20;

/** Locks the data folder, and brings the store's schema up to date. */
export function openMovingSource(dataDir: string): MovingSource {
  const path = join(dataDir, storeFile);
  if (!existsSync(path)) throw new Error(`${dataDir} has no store: name the server's data folder`);
  const lock = lockDataFolder(dataDir);
  try {
    const database = openDatabase(path);
    try {
      migrate(database);
    } finally {
      database.close();
    }
    const sqlite = new DatabaseSync(path, { readOnly: true });
    return sourceOf(dataDir, sqlite, () => {
      sqlite.close();
      lock.release();
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function sourceOf(dataDir: string, sqlite: DatabaseSync, close: () => void): MovingSource {
  const { epoch, ids_until, name, partitions } = installationOf(sqlite);
  return {
    name,
    partitions,
    idsUntil: ids_until,
    stamp: `${epoch} ${ids_until}`,
    days: () => daysOf(sqlite),
    count: (table) => countOf(sqlite, table),
    read: (table, after) => readRows(sqlite, table, after),
    leave: () => noteMoved(dataDir),
    close,
  };
}

function installationOf(sqlite: DatabaseSync) {
  const row = sqlite
    .prepare(
      `SELECT name, partitions, ids_until,
       (SELECT coalesce(max(epoch), 0) FROM leases) AS epoch FROM installation`,
    )
    .get();
  const { epoch, ids_until, name, partitions } = row ?? {};
  if (
    typeof name !== "string" ||
    typeof partitions !== "number" ||
    typeof ids_until !== "number" ||
    typeof epoch !== "number"
  ) {
    throw new Error("the store has no installation row: start a server on it once");
  }
  return { name, partitions, ids_until, epoch };
}

function daysOf(sqlite: DatabaseSync): readonly number[] {
  const rows = sqlite
    .prepare(
      `SELECT DISTINCT retain_until / 86400000 AS day FROM messages
       UNION SELECT DISTINCT retain_until / 86400000 FROM requests`,
    )
    .all();
  return rows.map(({ day }) => Number(day));
}

function countOf(sqlite: DatabaseSync, table: MovedTable): number {
  const row = sqlite.prepare(`SELECT count(*) AS rows FROM ${moving[table].from}`).get();
  return Number(row?.["rows"]);
}

function readRows(sqlite: DatabaseSync, table: MovedTable, after: Cursor | null): MovedRows {
  const { from, key, map, select } = moving[table];
  const alias = / t( |$)/.test(from) ? "t." : "";
  const columns = key.map((column) => `${alias}"${column}"`).join(", ");
  const joined = from.includes(" WHERE ") ? "AND" : "WHERE";
  const beyond =
    after === null ? "" : `${joined} (${columns}) > (${key.map(() => "?").join(", ")})`;
  const statement = sqlite.prepare(
    `SELECT ${columns}, ${select} FROM ${from} ${beyond} ORDER BY ${columns} LIMIT ${rowsAtOnce}`,
  );
  const rows: MovedRow[] = [];
  let last: SourceRow | undefined;
  let bytes = 0;
  let cut = false;
  for (const row of statement.iterate(...(after === null ? [] : toValues(after)))) {
    const found = plain(row);
    rows.push(map(found));
    last = found;
    for (const value of Object.values(found)) bytes += sizeOf(value);
    cut = bytes >= bytesAtOnce;
    if (cut) break;
  }
  const more = last !== undefined && (cut || rows.length === rowsAtOnce);
  return { rows, next: more ? toCursor(key.map((column) => last?.[column] ?? null)) : null };
}

function plain(row: Record<string, unknown>): SourceRow {
  const found: Record<string, SourceRow[string]> = {};
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "bigint") throw new Error(`${name} does not fit a double`);
    const known = typeof value === "number" || typeof value === "string";
    if (!known && value !== null && !(value instanceof Uint8Array)) {
      throw new Error(`${name} has a type that SQLite does not have`);
    }
    found[name] = value;
  }
  return found;
}

function sizeOf(value: SourceRow[string]): number {
  if (typeof value === "string") return value.length;
  return value instanceof Uint8Array ? value.byteLength : 8;
}

function toCursor(values: readonly SourceRow[string][]): Cursor {
  return JSON.stringify(
    values.map((value) =>
      value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value,
    ),
  );
}

function toValues(cursor: Cursor): readonly (number | string | Uint8Array | null)[] {
  const values: readonly (number | string | null | { readonly hex: string })[] = JSON.parse(cursor);
  return values.map((value) =>
    typeof value === "object" && value !== null ? Buffer.from(value.hex, "hex") : value,
  );
}
