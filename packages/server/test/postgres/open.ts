import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { createSystemClock } from "../../src/adapters/clock.ts";
import { connectDispatchStore } from "../../src/adapters/postgres/connect-dispatch-store.ts";
import { openPostgresStore } from "../../src/adapters/postgres/open-postgres-store.ts";
import type { OpenedStore } from "../conformance/fixtures.ts";

export interface TestDatabase {
  readonly url: string;
  /** Runs statements beside the store. */
  query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>;
  drop(): Promise<void>;
}

/** An empty database on the run's server. */
export async function newDatabase(
  serverUrl: string = inject("postgresUrl"),
): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await once(serverUrl, `CREATE DATABASE ${name}`);
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

export async function openOn(url: string): Promise<OpenedStore> {
  const store = await openPostgresStore({ url, now: createSystemClock().now });
  const dispatch = await connectDispatchStore(store.dispatchPort(), url);
  return {
    store,
    dispatch,
    close: async () => {
      await dispatch.disconnect();
      await store.close();
    },
  };
}

export async function openFresh(): Promise<OpenedStore> {
  const database = await newDatabase();
  const opened = await openOn(database.url);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await database.drop();
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
