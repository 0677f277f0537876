import { newMigratedDatabase, type TestDatabase } from "./test-database.ts";

/** The store that the run's servers have, unless a test says otherwise. */
export const testStore: "sqlite" | "postgres" =
  process.env["POSTHORN_TEST_STORE"] === "postgres" ? "postgres" : "sqlite";

const databases = new Map<string, Promise<TestDatabase>>();

/** What a server is told of its store: on Postgres each data folder has a database of its own. */
export async function storeVariables(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (testStore === "sqlite") return {};
  const database = databases.get(dataDir) ?? newMigratedDatabase();
  databases.set(dataDir, database);
  return { POSTHORN_STORE: (await database).url };
}

/** The database of a data folder on which a server was started. */
export async function databaseOf(dataDir: string): Promise<TestDatabase> {
  const database = databases.get(dataDir);
  if (database === undefined) throw new Error("no server was started on this data folder");
  return database;
}

export async function dropDatabases(): Promise<void> {
  const all = [...databases.values()];
  databases.clear();
  for (const database of all) await (await database).drop();
}
