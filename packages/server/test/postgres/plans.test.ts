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

async function costly(): Promise<readonly string[]> {
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
      if (whole || everywhere) bad.push(`${name}: ${type} ${scan["Relation Name"]} ${condition}`);
    }
  }
  await client.end();
  return bad;
}

describe("cost", () => {
  test("every statement touches an index range, in empty, small and full tables", async () => {
    expect(statements.size).toBeGreaterThan(90);
    expect(await costly()).toEqual([]);
    // As most installations are most of the time: a plan from then must do for what comes after.
    await database.query("ANALYZE");
    expect(await costly()).toEqual([]);
    await database.query(`INSERT INTO queue (delivery, endpoint, due, application, message, partition,
        message_partition, day, attempts, resent, rule)
      SELECT n, n % 20, n, 1, n, n % 4, n % 4, 30000, 0, false, 'publish'
      FROM generate_series(1, 100000) n`);
    await database.query("ANALYZE");
    expect(await costly()).toEqual([]);
  });
});
