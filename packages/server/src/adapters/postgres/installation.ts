import { randomBytes } from "node:crypto";
import { installationName } from "../../domain/ids.ts";
import type { Installation } from "../../ports/store.ts";
import { statement, type Database } from "./database.ts";
import { extendSlot, type SlotLease, type TakenSlot } from "./process-slot.ts";

export interface StoredInstallation {
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
const find = statement<StoredInstallation>(
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

/** What the store is, and the largest id that this process has written to it. */
export class InstallationRow {
  readonly #database: Database;
  readonly #row: StoredInstallation;
  readonly #lease: SlotLease;
  #largest: number;
  #reserved = 0;

  /** Of one process its API and its dispatcher have one each, with nodes of their own. */
  constructor(database: Database, row: StoredInstallation, { idsUntil, ...lease }: TakenSlot) {
    this.#database = database;
    this.#row = row;
    this.#lease = lease;
    // Those of the slot come after its own; so that they also sort, they come after what all have
    // written, too: but for the last seconds, that each start would put them further ahead.
    this.#largest = Math.max(idsUntil, row.ids_until - reserveIds);
  }

  get partitions(): number {
    return this.#row.partitions;
  }

  installation(): Installation {
    const { name, partitions } = this.#row;
    return { name, partitions, lastId: this.#largest, idNode: 2 * this.#lease.slot };
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
   * Before ids are written: after a crash, `ids_until` is no less than any id of the slot, and of
   * the store (by which processes of older versions go). Commits of their own, so that publishers do
   * not wait for each other's transactions at these rows. Throws when the slot is another's.
   */
  async reserve(largest: number): Promise<void> {
    if (largest > this.#reserved) {
      const until = Math.min(largest + reserveIds, Number.MAX_SAFE_INTEGER);
      await extendSlot(this.#database, this.#lease, until);
      await this.#database.run(reserve, until);
      this.#reserved = until;
    }
    if (largest > this.#largest) this.#largest = largest;
  }
}

/** Makes it when the store is new. */
export async function openInstallation(
  database: Database,
  partitions: number,
): Promise<StoredInstallation> {
  await database.run(make, installationName(randomBytes(6)), partitions);
  await database.run(makeLeases);
  return readInstallation(database);
}

export async function readInstallation(database: Database): Promise<StoredInstallation> {
  const row = await database.get(find);
  if (row === undefined) throw new Error("the store has no installation row");
  return row;
}
