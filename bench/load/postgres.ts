import { randomBytes } from "node:crypto";
import pg from "pg";
import { startPostgres } from "../../packages/server/test/kit/postgres-server.ts";
import { usageOfTree, type Usage } from "./usage.ts";

/** The Postgres of a run: that of `DATABASE_URL`, or one of its own. */
export interface BenchPostgres {
  /** Its version and the settings that figures depend on. */
  readonly description: string;
  /** Makes a database, and says its URL. */
  newDatabase(): Promise<string>;
  /** Removes the databases that were made. */
  clear(): Promise<void>;
  /** Of all its processes since the last `clear`; `undefined` of one that the bench did not start. */
  usage(): Usage | undefined;
  stop(): Promise<void>;
}

/** As a small production server has them; everything else, fsync too, is as Postgres comes. */
const settings = {
  shared_buffers: "1GB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
};
const told = ["fsync", "synchronous_commit", "wal_level", ...Object.keys(settings)];

export async function openPostgres(parent: string): Promise<BenchPostgres> {
  const given = process.env["DATABASE_URL"];
  const server =
    given === undefined || given === ""
      ? await startPostgres({ fsync: true, parent, settings })
      : undefined;
  const url = server?.url ?? given ?? "";
  const databases: string[] = [];
  const usage = () => (server?.pid === undefined ? undefined : usageOfTree(server.pid));
  let before = 0;
  return {
    description: await describe(url),
    newDatabase: async () => {
      const name = `bench_${randomBytes(6).toString("hex")}`;
      await query(url, `CREATE DATABASE ${name}`);
      databases.push(name);
      const made = new URL(url);
      made.pathname = `/${name}`;
      return made.href;
    },
    clear: async () => {
      for (const name of databases.splice(0)) {
        await query(url, `DROP DATABASE ${name} WITH (FORCE)`);
      }
      before = usage()?.cpuSeconds ?? 0;
    },
    usage: () => {
      const now = usage();
      return now === undefined ? undefined : { ...now, cpuSeconds: now.cpuSeconds - before };
    },
    stop: async () => server?.remove(),
  };
}

/** Runs one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly (string | number)[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

async function describe(url: string): Promise<string> {
  const rows = await query<{ name: string; value: string }>(
    url,
    "SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY(string_to_array($1, ','))",
    [[...told, "server_version"].join(",")],
  );
  const values = new Map(rows.map(({ name, value }) => [name, value]));
  const version = values.get("server_version")?.split(" ")[0] ?? "unknown";
  return `PostgreSQL ${version}: ${told.map((name) => `${name} ${values.get(name)}`).join(", ")}`;
}
