import { randomBytes } from "node:crypto";
import { installationName } from "../../domain/ids.ts";
import type { Installation } from "../../ports/store.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly name: string;
  readonly partitions: number;
  readonly ids_until: number;
}

/** How far ahead the largest id is written: two seconds of ids, so one small write per two seconds. */
const reserveIds = 2_000 * 2 ** 13;

/** What the store is, and the largest id in it. */
export class InstallationRow {
  readonly #name: string;
  readonly #partitions: number;
  readonly #reserve;
  readonly #check;
  #largest: number;
  #reserved: number;
  #reservedBefore: number;

  constructor(database: Database, partitions: number) {
    database
      .prepare(
        `INSERT OR IGNORE INTO installation (one, name, partitions, ids_until, checks)
         VALUES (1, ?, ?, 0, 0)`,
      )
      .run(installationName(randomBytes(6)), partitions);
    const row = database
      .prepare<Row>("SELECT name, partitions, ids_until FROM installation WHERE one = 1")
      .get();
    if (row === undefined) throw new Error("the store has no installation row");
    this.#name = row.name;
    this.#partitions = row.partitions;
    this.#largest = row.ids_until;
    this.#reserved = row.ids_until;
    this.#reservedBefore = row.ids_until;
    this.#reserve = database.prepare("UPDATE installation SET ids_until = ? WHERE one = 1");
    this.#check = database.prepare("UPDATE installation SET checks = checks + 1 WHERE one = 1");
  }

  installation(): Installation {
    return { name: this.#name, partitions: this.#partitions, lastId: this.#largest, idNode: 0 };
  }

  check(): void {
    this.#check.run();
  }

  /** Takes note of an id that is written in the open transaction. */
  saw(id: number): void {
    if (id > this.#largest) this.#largest = id;
  }

  /** Before each commit: after a crash, `ids_until` is no less than any id in the store. */
  reserve(): void {
    if (this.#largest <= this.#reserved) return;
    this.#reservedBefore = this.#reserved;
    this.#reserved = Math.min(this.#largest + reserveIds, Number.MAX_SAFE_INTEGER);
    this.#reserve.run(this.#reserved);
  }

  committed(): void {
    this.#reservedBefore = this.#reserved;
  }

  rolledBack(): void {
    this.#reserved = this.#reservedBefore;
  }

  /** At an orderly end the exact id takes the place of the one reserved ahead. */
  writeLargest(): void {
    this.#reserve.run(this.#largest);
  }
}
