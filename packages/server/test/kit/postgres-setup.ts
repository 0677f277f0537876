import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One server for the run; each test makes a database of its own on it. No server fails the run. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  // The same tests on a distributed engine, where one is at hand.
  const citus = process.env["POSTHORN_TEST_CITUS_URL"];
  const given = citus === undefined || citus === "" ? process.env["DATABASE_URL"] : citus;
  if (given !== undefined && given !== "") {
    project.provide("postgresUrl", given);
    return undefined;
  }
  const server = await startPostgres({ fsync: false });
  project.provide("postgresUrl", server.url);
  return () => server.remove();
}
