import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { sessionOptions } from "../../src/adapters/postgres/database.ts";
import { newDatabase, openOn, type TestDatabase } from "./open.ts";
import { tour } from "./tour.ts";

interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Index Name"?: string | undefined;
  readonly "Index Cond"?: string | undefined;
  readonly Plans?: readonly Node[] | undefined;
}

const node: z.ZodType<Node> = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Index Name": z.string().optional(),
  "Index Cond": z.string().optional(),
  get Plans() {
    return z.array(node).optional();
  },
});
const explained = z.array(z.object({ "QUERY PLAN": z.array(z.object({ Plan: node })) }));

/** Once at a start or an end, once a day, or over a handful of rows. */
const cold = /^(migrate|distribution|installation|days|keys-count|workers|processes|sweep-trace)/;
/** What grows with the traffic: each look at it names its partition. */
const growing =
  /^(queue|messages|deliveries|attempts|event_ids|endpoint_hours|requests|request_keys)/;

let database: TestDatabase;
let statements: ReadonlyMap<string, string>;
beforeAll(async () => {
  database = await newDatabase();
  const seen = new Map<string, string>();
  const query = vi.spyOn(pg.Client.prototype, "query");
  const opened = await openOn(database.url);
  await tour(opened);
  await opened.close();
  for (const [asked] of query.mock.calls as readonly (readonly unknown[])[]) {
    const named = z.object({ name: z.string(), text: z.string() }).safeParse(asked);
    if (named.success) seen.set(named.data.name, named.data.text);
  }
  query.mockRestore();
  statements = seen;
});
afterAll(() => database.drop());

/** The plan that a connection of the store makes: whatever the parameters are. */
async function scansOf(client: pg.Client, name: string, text: string): Promise<readonly Node[]> {
  await client.query(`PREPARE "${name}" AS ${text}`);
  const count = Math.max(0, ...Array.from(text.matchAll(/\$(\d+)/g), ([, n]) => Number(n)));
  const nulls = Array.from({ length: count }, () => "NULL").join(", ");
  const how = `EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE "${name}"`;
  const { rows } = await client.query(count === 0 ? how : `${how}(${nulls})`);
  const [plan] = explained.parse(rows);
  return plan?.["QUERY PLAN"].flatMap((each) => flat(each.Plan)) ?? [];
}

function flat(root: Node): Node[] {
  return [root, ...(root.Plans ?? []).flatMap(flat)];
}

const indexColumns = z.array(z.object({ name: z.string(), columns: z.array(z.string()) }));

/** By the name of an index, its columns in order. */
async function readIndexes(): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.query(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
     WHERE c.relkind IN ('i', 'I') GROUP BY c.oid`,
  );
  return new Map(indexColumns.parse(rows).map(({ columns, name }) => [name, columns]));
}

/** A condition on a column behind one that is not in it reads the whole range before it. */
function skips(condition: string, columns: readonly string[]): boolean {
  const named = columns.map((column) => new RegExp(`\\b(?<!\\.)${column}\\b`).test(condition));
  return named.lastIndexOf(true) > named.filter(Boolean).length - 1;
}

function fill(from: number, count: number): string {
  return `INSERT INTO queue (delivery, endpoint, due, application, message, partition,
      message_partition, day, attempts, resent, rule)
    SELECT n, n % 20, n, 1, n, n % 4, n % 4, 30000, 0, false, 'publish'
    FROM generate_series(${from}, ${from + count - 1}) n`;
}

async function costly(): Promise<readonly string[]> {
  const indexes = await readIndexes();
  const client = new pg.Client({ connectionString: database.url, options: sessionOptions });
  await client.connect();
  const bad: string[] = [];
  for (const [name, text] of statements) {
    if (cold.test(name) || !/^\W*(SELECT|INSERT|UPDATE|DELETE|WITH)/.test(text)) continue;
    for (const scan of await scansOf(client, name, text)) {
      const [type, condition] = [scan["Node Type"], scan["Index Cond"]];
      const index = scan["Index Name"] ?? "";
      const whole = type === "Seq Scan" || (/Index/.test(type) && condition === undefined);
      const everywhere = growing.test(index) && !condition?.includes("partition");
      const wide = growing.test(index) && skips(condition ?? "", indexes.get(index) ?? []);
      if (whole || everywhere || wide) bad.push(`${name}: ${type} ${index} ${condition}`);
    }
  }
  await client.end();
  return bad;
}

describe("cost", () => {
  test("every statement touches a narrow range of an index, in empty, small, worn and full tables", async () => {
    expect(statements.size).toBeGreaterThan(90);
    expect(await costly()).toEqual([]);
    // As most installations are most of the time: a plan from then must do for what comes after.
    await database.query("ANALYZE");
    expect(await costly()).toEqual([]);
    // As between two vacuums: the queue is empty, and its indexes have grown, each in its way.
    for (let n = 0; n < 100; n += 1) {
      await database.query(fill(n * 32, 32));
      await database.query(`DELETE FROM queue WHERE delivery BETWEEN ${n * 32} AND ${n * 32 + 31}`);
    }
    expect(await costly()).toEqual([]);
    await database.query(fill(100_000, 100_000));
    await database.query("ANALYZE");
    expect(await costly()).toEqual([]);
  });
});
