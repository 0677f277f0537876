import { afterEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/adapters/postgres/database.ts";
import { migrate } from "../../src/adapters/postgres/migrations.ts";
import { base } from "../../src/adapters/postgres/schema/base.ts";
import { sources } from "../../src/adapters/postgres/schema/sources.ts";
import { due, hourMs, Maker, only, settle } from "../conformance/fixtures.ts";
import { dropFreshDatabases, freshDatabase, type TestDatabase } from "../kit/test-database.ts";
import { openOn } from "./open.ts";
import { tour } from "./tour.ts";

afterEach(dropFreshDatabases);

interface Table {
  readonly name: string;
  /** Of a day's partition: what it is attached to, and how. */
  readonly parent: string | null;
  readonly bounds: string | null;
}

const tablesOf = (database: TestDatabase) =>
  database.query<Table>(
    `SELECT c.relname AS name, i.inhparent::regclass::text AS parent,
       pg_get_expr(c.relpartbound, c.oid) AS bounds
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`,
  );
const rowsOf = async (database: TestDatabase, table: string): Promise<string> => {
  const [row] = await database.query<{ rows: string }>(
    `SELECT coalesce(json_agg(t ORDER BY t::text), '[]')::text AS rows FROM ${table} t`,
  );
  return row?.rows ?? "[]";
};

/** A database as a program left it that knew these versions of the schema, with the rows of another one. */
async function databaseOf(versions: readonly string[], filled: TestDatabase) {
  const database = await freshDatabase();
  const store = openDatabase({ url: database.url, connections: 1, name: "test" });
  await migrate(store, versions);
  await store.close();
  const known = new Set((await tablesOf(database)).map(({ name }) => name));
  const partitioned = await database.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'p'",
  );
  for (const { name } of partitioned) known.add(name);
  const copied = (await tablesOf(filled)).filter(({ name, parent }) => known.has(parent ?? name));
  for (const { bounds, name, parent } of copied) {
    if (name === "schema_versions") continue;
    if (parent !== null)
      await database.query(`CREATE TABLE ${name} PARTITION OF ${parent} ${bounds}`);
    const rows = (await rowsOf(filled, name)).replaceAll("'", "''");
    await database.query(
      `INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, '${rows}')`,
    );
  }
  return { database, tables: copied.map(({ name }) => name) };
}

describe("a store of an earlier version", () => {
  test.each([
    { version: 1, schema: [base] },
    { version: 2, schema: [base, sources] },
  ])("$version is brought up to date with all that is in it", async ({ schema }) => {
    const filled = await freshDatabase();
    const opened = await openOn(filled.url);
    await tour(opened);
    const maker = new Maker();
    // After what the tour has made.
    maker.time += hourMs;
    const home = await settle(opened.store, maker);
    await opened.store.publish(maker.publication(home.application, [home.endpoint]));
    await opened.close();
    const { database, tables } = await databaseOf(schema, filled);
    const changing = new Set(["schema_versions", "leases", "workers", "installation"]);
    const kept = tables.filter((name) => !changing.has(name));
    const before = await Promise.all(kept.map((name) => rowsOf(database, name)));
    expect(before.filter((rows) => rows !== "[]").length).toBeGreaterThan(12);

    const upgraded = await openOn(database.url);
    try {
      expect(await Promise.all(kept.map((name) => rowsOf(database, name)))).toEqual(before);
      const { epoch, partitions } = await upgraded.dispatch.takeOver("worker-1");
      expect([epoch, partitions.length]).toEqual([1, 64]);
      expect(only(await due(upgraded.dispatch, home.endpoint, maker.time)).attempts).toBe(0);
      await upgraded.store.publish(maker.publication(home.application, [home.endpoint]));
      expect(await due(upgraded.dispatch, home.endpoint, maker.time)).toHaveLength(2);
    } finally {
      await upgraded.close();
    }
  });
});
