import { randomBytes } from "node:crypto";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/adapters/postgres/database.ts";
import { migrate } from "../../src/adapters/postgres/migrations.ts";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
    /** The name of a database with the schema and nothing in it. */
    postgresTemplate: string;
  }
}

/**
 * One server for the run; each test makes a database of its own on it. No server fails the run. The
 * same tests run on a distributed engine where one is at hand.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = [process.env["POSTHORN_TEST_CITUS_URL"], process.env["DATABASE_URL"]].find(
    (url) => url !== undefined && url !== "",
  );
  const server = given === undefined ? await startPostgres({ fsync: false }) : undefined;
  const url = server?.url ?? given ?? "";
  const template = `posthorn_template_${randomBytes(4).toString("hex")}`;
  await makeTemplate(url, template);
  project.provide("postgresUrl", url);
  project.provide("postgresTemplate", template);
  return async () => {
    if (server === undefined) await run(url, `DROP DATABASE ${template}`);
    else await server.remove();
  };
}

async function makeTemplate(url: string, name: string): Promise<void> {
  await run(url, `CREATE DATABASE ${name}`);
  const made = new URL(url);
  made.pathname = `/${name}`;
  const database = openDatabase({ url: made.href, connections: 1, name: "template" });
  await migrate(database);
  await database.close();
}

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}
