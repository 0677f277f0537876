import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

export interface TestDatabase {
  readonly url: string;
  /** Runs statements beside the store. */
  query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>;
  drop(): Promise<void>;
}

/** An empty database on the run's server. */
export function newDatabase(serverUrl: string = inject("postgresUrl")): Promise<TestDatabase> {
  return create(serverUrl, "template1");
}

const fresh: TestDatabase[] = [];

/** An empty database until `dropFreshDatabases`. */
export async function freshDatabase(): Promise<TestDatabase> {
  const database = await newDatabase();
  fresh.push(database);
  return database;
}

export async function dropFreshDatabases(): Promise<void> {
  for (const database of fresh.splice(0)) await database.drop();
}

/** One with the schema of this program, which takes a tenth of the time that a first start does. */
export function newMigratedDatabase(): Promise<TestDatabase> {
  return create(inject("postgresUrl"), inject("postgresTemplate"));
}

async function create(serverUrl: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await once(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (text) => once(url.href, text),
    drop: async () => {
      await once(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function once<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
