import { randomBytes } from "node:crypto";
import { installationName } from "../../domain/ids.ts";
import type { Installation } from "../../ports/store.ts";
import { statement, type Database } from "./database.ts";

interface Row {
  readonly name: string;
  readonly partitions: number;
  readonly ids_until: number;
}

/** How far ahead the largest id is written: two seconds of ids, so one small write per two seconds. */
const reserveIds = 2_000 * 2 ** 13;

const make = statement(
  "installation-make",
  `INSERT INTO installation (one, name, partitions, ids_until, checks) VALUES (1, $1, $2, 0, 0)
   ON CONFLICT DO NOTHING`,
);
const makeLeases = statement(
  "installation-leases",
  `INSERT INTO leases (partition, owner, epoch)
   SELECT each, '', 0 FROM installation, generate_series(0, partitions - 1) AS each
   ON CONFLICT DO NOTHING`,
);
const find = statement<Row>(
  "installation-find",
  "SELECT name, partitions, ids_until FROM installation WHERE one = 1",
);
const reserve = statement(
  "installation-reserve",
  "UPDATE installation SET ids_until = $1 WHERE one = 1 AND ids_until < $1",
);
const check = statement(
  "installation-check",
  "UPDATE installation SET checks = checks + 1 WHERE one = 1",
);

const findKeyCheck = statement<{ key_check: string | null }>(
  "installation-key-check",
  "SELECT key_check FROM installation WHERE one = 1",
);
const keepKeyCheck = statement(
  "installation-keep-key-check",
  "UPDATE installation SET key_check = $1 WHERE one = 1 AND key_check IS NULL",
);

/** What the store is, and the largest id that this process has seen in it. */
export class InstallationRow {
  readonly #database: Database;
  readonly #row: Row;
  #largest: number;
  #reserved: number;

  constructor(database: Database, row: Row) {
    this.#database = database;
    this.#row = row;
    this.#largest = row.ids_until;
    this.#reserved = row.ids_until;
  }

  get partitions(): number {
    return this.#row.partitions;
  }

  async installation(): Promise<Installation> {
    const { name, partitions } = this.#row;
    const until = (await this.#database.get(find))?.ids_until ?? 0;
    // Beyond what this process reserved are the ids of another one.
    if (until > this.#reserved) this.#largest = until;
    return { name, partitions, lastId: this.#largest };
  }

  async keyCheck(): Promise<string | undefined> {
    return (await this.#database.get(findKeyCheck))?.key_check ?? undefined;
  }

  async keepKeyCheck(text: string): Promise<void> {
    await this.#database.run(keepKeyCheck, text);
  }

  async check(): Promise<void> {
    await this.#database.run(check);
  }

  /**
   * Before ids are written: after a crash, `ids_until` is no less than any id in the store. A commit
   * of its own, so that publishers do not wait for each other's transactions at this one row.
   */
  async reserve(largest: number): Promise<void> {
    if (largest > this.#reserved) {
      const until = Math.min(largest + reserveIds, Number.MAX_SAFE_INTEGER);
      await this.#database.run(reserve, until);
      this.#reserved = until;
    }
    if (largest > this.#largest) this.#largest = largest;
  }
}

export async function openInstallation(
  database: Database,
  partitions: number,
): Promise<InstallationRow> {
  await database.run(make, installationName(randomBytes(6)), partitions);
  await database.run(makeLeases);
  return readInstallation(database);
}

export async function readInstallation(database: Database): Promise<InstallationRow> {
  const row = await database.get(find);
  if (row === undefined) throw new Error("the store has no installation row");
  return new InstallationRow(database, row);
}
