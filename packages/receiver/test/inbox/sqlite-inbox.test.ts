import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqliteInbox } from "../../src/inbox/sqlite-inbox.ts";
import type { SqliteDatabase } from "../../src/inbox/sqlite-inbox.ts";
import { describeInbox } from "./inbox-suite.ts";

type Driver = (path: string) => SqliteDatabase & { close(): unknown };

const drivers: readonly (readonly [string, Driver])[] = [
  ["node:sqlite", (path) => new DatabaseSync(path)],
  ["better-sqlite3", (path) => new Database(path)],
];

for (const [name, connect] of drivers) {
  describeInbox(`the SQLite inbox on ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "posthorn-inbox-"));
    const databases = [
      connect(join(folder, "inbox.db")),
      connect(join(folder, "inbox.db")),
    ] as const;
    return {
      inboxes: [sqliteInbox(databases[0]), sqliteInbox(databases[1])],
      close: async () => {
        for (const database of databases) database.close();
        rmSync(folder, { recursive: true });
      },
    };
  });

  test(`the inbox on ${name} commits to the disk before it answers`, () => {
    const database = connect(":memory:");
    sqliteInbox(database);
    expect(database.prepare("pragma synchronous").all()).toEqual([{ synchronous: 2 }]);
    database.close();
  });
}

test("a table name that is no plain identifier is refused", () => {
  const database = new DatabaseSync(":memory:");
  expect(() => sqliteInbox(database, { table: "inbox; drop table users" })).toThrow(TypeError);
  database.close();
});
