import { DatabaseSync } from "node:sqlite";

export type SqlValue = number | string | Uint8Array | null;

export interface Statement<Row> {
  run(...values: SqlValue[]): { readonly changes: number | bigint };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}

/** What the engine needs of SQLite: small, so that a test can put faults between the two. */
export interface Database {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare<Row>(sql: string): Statement<Row>;
  close(): void;
}

/** Opens the file, which exists already with the mode that its -wal and -shm shall have. */
export function openDatabase(path: string): Database {
  const sqlite = new DatabaseSync(path, { timeout: 5_000 });
  // page_size only counts before the first write; journal_mode=WAL is one.
  sqlite.exec("PRAGMA page_size = 8192");
  sqlite.exec("PRAGMA journal_mode = WAL");
  sqlite.exec("PRAGMA synchronous = FULL");
  sqlite.exec("PRAGMA foreign_keys = OFF");
  sqlite.exec("PRAGMA temp_store = MEMORY");
  sqlite.exec("PRAGMA cache_size = -24576");
  // Checkpoints happen on purpose, see checkpoint.ts: an automatic one lands inside a commit.
  sqlite.exec("PRAGMA wal_autocheckpoint = 0");
  return wrapDatabase(sqlite);
}

export function wrapDatabase(sqlite: DatabaseSync): Database {
  return {
    get isTransaction() {
      return sqlite.isTransaction;
    },
    exec: (sql) => sqlite.exec(sql),
    // The tables are STRICT, so a column holds what its type says and a row is what its query names.
    prepare: <Row>(sql: string) => sqlite.prepare(sql) as unknown as Statement<Row>,
    close: () => sqlite.close(),
  };
}
