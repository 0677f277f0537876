import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createPrivateFile, storeFile } from "../../src/adapters/sqlite/data-folder.ts";
import {
  openDatabase,
  type Database,
  type SqlValue,
  type Statement,
} from "../../src/adapters/sqlite/database.ts";
import { Engine } from "../../src/adapters/sqlite/engine.ts";
import { migrate } from "../../src/adapters/sqlite/migrations.ts";
import { finish } from "../../src/adapters/sqlite/paging.ts";
import type { CallName, Calls } from "../../src/adapters/sqlite/protocol.ts";
import { t0 } from "../conformance/fixtures.ts";
import { temporaryFolder } from "./open.ts";

export interface Watch {
  /** Every statement that was prepared. */
  readonly prepared: string[];
  /** Rows that statements gave since it was last emptied. */
  rows: number;
  /** Throws in place of what would run. */
  before: (sql: string) => void;
}

/** A database that counts, and fails where a test says so. */
function watched(database: Database, watch: Watch): Database {
  const around = <Row>(sql: string, statement: Statement<Row>): Statement<Row> => ({
    run: (...values: SqlValue[]) => {
      watch.before(sql);
      return statement.run(...values);
    },
    get: (...values: SqlValue[]) => {
      watch.before(sql);
      const row = statement.get(...values);
      if (row !== undefined) watch.rows += 1;
      return row;
    },
    all: (...values: SqlValue[]) => {
      watch.before(sql);
      const rows = statement.all(...values);
      watch.rows += rows.length;
      return rows;
    },
  });
  return {
    get isTransaction() {
      return database.isTransaction;
    },
    exec: (sql) => database.exec(sql),
    prepare: <Row>(sql: string) => {
      watch.prepared.push(sql);
      return around(sql, database.prepare<Row>(sql));
    },
    close: () => database.close(),
  };
}

export function openEngine() {
  const folder = temporaryFolder();
  const path = join(folder.path, storeFile);
  createPrivateFile(path);
  const database = openDatabase(path);
  migrate(database);
  const watch: Watch = { prepared: [], rows: 0, before: () => undefined };
  const engine = new Engine(watched(database, watch), { partitions: 8, now: () => t0 });
  return {
    engine,
    database,
    path,
    watch,
    /** One write in a transaction of its own, or one read to its end. */
    ask: <Name extends CallName>(name: Name, ...args: Parameters<Calls[Name]>) => {
      const work = { name, args };
      const result = engine.isWrite(name)
        ? engine.flush([work]).results[0]
        : finish(engine.read(work));
      if (result?.kind !== "value") throw result?.error;
      return result.value as Awaited<ReturnType<Calls[Name]>>;
    },
    close: () => {
      engine.close();
      folder.remove();
    },
  };
}

/** An error as node:sqlite throws it. */
export function sqliteError(code: number, text: string): Error {
  return Object.assign(new Error(text), { code: "ERR_SQLITE_ERROR", errcode: code });
}

export function integrityOf(path: string): unknown {
  const sqlite = new DatabaseSync(path);
  try {
    return sqlite.prepare("PRAGMA integrity_check").get();
  } finally {
    sqlite.close();
  }
}
