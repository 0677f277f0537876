import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { byteas, int4s, int8s, texts } from "../../src/adapters/postgres/arrays.ts";
import { openDatabase, statement, type Database } from "../../src/adapters/postgres/database.ts";
import { newDatabase, type TestDatabase } from "./open.ts";

let database: TestDatabase;
let sql: Database;
beforeAll(async () => {
  database = await newDatabase();
  sql = openDatabase({ url: database.url, connections: 1, name: "test" });
});
afterAll(async () => {
  await sql.close();
  await database.drop();
});

const back = statement<{ a: number | null; b: number | null; c: string | null; d: Buffer | null }>(
  "test-arrays",
  `SELECT * FROM unnest($1::int4[], $2::int8[], $3::text[], $4::bytea[]) AS each (a, b, c, d)`,
);

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
// A text column cannot hold these two; what may have them lies in JSON.
const text = fc
  .string({ unit: "grapheme" })
  .filter((each) => !each.includes("\u0000") && each.isWellFormed());
const row = fc.record({
  a: orNull(fc.integer()),
  b: orNull(fc.maxSafeInteger()),
  c: orNull(fc.oneof(text, fc.constantFrom("", "NULL", '"', "\\", "{a,b}"))),
  d: orNull(fc.uint8Array()),
});

test("arrays come to the database as they are, whatever is in them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row), async (rows) => {
      const found = await sql.all(
        back,
        int4s(rows.map(({ a }) => a)),
        int8s(rows.map(({ b }) => b)),
        texts(rows.map(({ c }) => c)),
        byteas(rows.map(({ d }) => d)),
      );
      const plain = found.map((each) => ({ ...each, d: each.d && Uint8Array.from(each.d) }));
      expect(plain).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});
