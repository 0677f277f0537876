import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { distribution, distributionStatements } from "../../src/adapters/postgres/distribution.ts";
import { newDatabase, openOn, type TestDatabase } from "./open.ts";
import { tour } from "./tour.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await newDatabase();
  const opened = await openOn(database.url);
  // Days are made, so that their partitions are looked at, too.
  await tour(opened);
  await opened.close();
});
afterAll(() => database.drop());

interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

/** Every index of the schema, those of the days' partitions under the table that they belong to. */
function indexes(): Promise<IndexRow[]> {
  return database.query<IndexRow & Record<string, unknown>>(
    `SELECT regexp_replace(t.relname, '_d[0-9]+$', '') AS table, i.relname AS name,
       x.indisunique AS unique,
       array(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (n, place)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.n ORDER BY k.place) AS columns
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
     WHERE t.relnamespace = 'public'::regnamespace`,
  );
}

async function count(text: string): Promise<number> {
  const [row] = await database.query<{ n: number }>(`SELECT count(*)::int4 AS n FROM ${text}`);
  if (row === undefined) throw new Error("a count expected");
  return row.n;
}

describe("the schema can be distributed", () => {
  test("every table says how", async () => {
    const tables = await database.query<{ name: string }>(
      `SELECT relname::text AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    );
    const names = tables.map(({ name }) => name).toSorted();
    expect(names).toEqual(Object.keys(distribution).toSorted());
  });

  test("what a table is distributed by leads each of its keys and indexes", async () => {
    const found = await indexes();
    expect(found.length).toBeGreaterThan(40);
    const bad = found.filter(({ columns, table }) => {
      const how = distribution[table];
      return how?.kind === "by" && columns[0] !== how.column;
    });
    // Keys are swept by their age from everywhere: no request waits for it.
    expect(bad.map(({ name }) => name)).toEqual(["idempotency_expiry"]);
    expect(bad.filter(({ unique }) => unique)).toEqual([]);
  });

  test("every distributed table has a primary key with what it is distributed by", async () => {
    const found = await indexes();
    const without = Object.entries(distribution).filter(([table, how]) => {
      const primary = found.find(({ name }) => name === `${table}_pkey`);
      return primary === undefined || (how.kind === "by" && primary.columns[0] !== how.column);
    });
    expect(without).toEqual([]);
  });

  test("nothing refers to another table, and nothing counts for all nodes", async () => {
    expect(await count("pg_constraint WHERE contype = 'f'")).toBe(0);
    expect(
      await count("pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"),
    ).toBe(0);
    const identities = "pg_attribute WHERE attidentity <> '' AND attrelid >= 16384";
    expect(await count(identities)).toBe(0);
    expect(await count("pg_trigger WHERE NOT tgisinternal")).toBe(0);
  });
});

describe("where Citus is", () => {
  test("each table is spread once, together with those of its partition", () => {
    const texts = distributionStatements().map(({ text }) => text);
    expect(texts[0]).toBe(
      "SELECT create_distributed_table('leases', 'partition', colocate_with => 'none')",
    );
    expect(texts).toContain(
      "SELECT create_distributed_table('queue', 'partition', colocate_with => 'leases')",
    );
    expect(texts).toContain(
      "SELECT create_distributed_table('idempotency', 'key_hash', colocate_with => 'none')",
    );
    expect(texts).toContain("SELECT create_reference_table('applications')");
    expect(new Set(distributionStatements().map(({ table }) => table)).size).toBe(texts.length);
  });

  test("the statements name tables and columns that are there", async () => {
    // Citus is not here: functions of its names take note of what they are asked, and check it.
    await database.query(`
      CREATE TABLE asked (tbl text, by text);
      CREATE FUNCTION create_distributed_table(tbl regclass, by text, colocate_with text)
        RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM 1 FROM pg_attribute WHERE attrelid = tbl AND attname = by;
          IF NOT FOUND THEN RAISE 'no column % in %', by, tbl; END IF;
          IF colocate_with <> 'none' THEN PERFORM colocate_with::regclass; END IF;
          INSERT INTO asked VALUES (tbl::text, by);
        END $$;
      CREATE FUNCTION create_reference_table(tbl regclass) RETURNS void LANGUAGE sql AS $$
        INSERT INTO asked VALUES (tbl::text, NULL) $$;`);
    for (const { text } of distributionStatements()) await database.query(text);
    const asked = await database.query<{ tbl: string }>("SELECT tbl FROM asked");
    expect(asked).toHaveLength(distributionStatements().length);
  });
});
