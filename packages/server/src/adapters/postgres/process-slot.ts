import { randomBytes } from "node:crypto";
import type { ProcessIdentity } from "../../ports/worker-store.ts";
import { statement, type Database } from "./database.ts";

/** A process's place among those of the store: the nodes `2 * slot` and `2 * slot + 1` of ids. */
export interface SlotLease {
  readonly slot: number;
  /** Of the process that has it. */
  readonly id: string;
}

export interface TakenSlot extends SlotLease {
  /** No id of an earlier process in this slot is larger. */
  readonly idsUntil: number;
}

/** Ids have 64 nodes; the first two are those of the embedded store and of older versions. */
const slots = 31;
const nobody = "";
const renewMs = 1_000;
/** A process that is silent for so long has lost its slot, if another one needs it. */
const leaseMs = 30_000;

/** Of two processes that start at once one takes its slot after the other. */
const slotLock = 1_886_352_233;
const lock = statement("processes-lock", "SELECT pg_advisory_xact_lock($1)");

const free = (row: string) =>
  `(${row}.id = '${nobody}' OR ${row}.renewed_at < clock_timestamp() - ${leaseMs} * interval '1 ms')`;

/** One that was never used, else that which is unused for longest. */
const take = statement<{ slot: number; ids_until: number }>(
  "processes-take",
  `INSERT INTO processes (slot, id, name, version, roles, started_at, renewed_at, ids_until)
   SELECT each, $1, $2, $3, $4, clock_timestamp(), clock_timestamp(), 0
   FROM generate_series(1, ${slots}) AS each LEFT JOIN processes p ON p.slot = each
   WHERE p.slot IS NULL OR ${free("p")}
   ORDER BY p.renewed_at NULLS FIRST, each LIMIT 1
   ON CONFLICT (slot) DO UPDATE SET id = excluded.id, name = excluded.name,
     version = excluded.version, roles = excluded.roles, started_at = excluded.started_at,
     renewed_at = excluded.renewed_at
   WHERE ${free("processes")}
   RETURNING slot, ids_until`,
);
const renew = statement(
  "processes-renew",
  "UPDATE processes SET renewed_at = clock_timestamp() WHERE slot = $1 AND id = $2",
);
const extend = statement(
  "processes-extend",
  `UPDATE processes SET ids_until = greatest(ids_until, $3), renewed_at = clock_timestamp()
   WHERE slot = $1 AND id = $2`,
);
const release = statement(
  "processes-release",
  `UPDATE processes SET id = '${nobody}', renewed_at = clock_timestamp()
   WHERE slot = $1 AND id = $2`,
);

export async function takeSlot(database: Database, identity: ProcessIdentity): Promise<TakenSlot> {
  const id = randomBytes(9).toString("base64url");
  const { name, version } = identity;
  const row = await database.transact(async (sql) => {
    await sql.run(lock, slotLock);
    return sql.get(take, id, name, version, identity.roles.join(","));
  });
  if (row !== undefined) return { slot: row.slot, id, idsUntil: row.ids_until };
  throw new Error(
    `${slots} processes use this database, which is the most: stop one of them. ` +
      `The place of one that crashed is free after ${leaseMs / 1000} s`,
  );
}

/** Before ids beyond the earlier `until` are written. Throws when another process has the slot. */
export async function extendSlot(
  database: Database,
  lease: SlotLease,
  until: number,
): Promise<void> {
  if ((await database.run(extend, lease.slot, lease.id, until)) === 0) throw slotLost();
}

function slotLost(): Error {
  return new Error(
    `this process was not heard of for ${leaseMs / 1000} s or more, and another one has its place ` +
      "in the database: it makes no ids any more, and must be started again",
  );
}

/** Keeps a slot for as long as the store is open. */
export class SlotKeeper {
  readonly #database: Database;
  readonly #lease: SlotLease;
  readonly #onLost: (error: Error) => void;
  #timer: NodeJS.Timeout | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #released = false;

  constructor(database: Database, lease: SlotLease, onLost: (error: Error) => void) {
    this.#database = database;
    this.#lease = lease;
    this.#onLost = onLost;
    this.#renewLater();
  }

  async release(): Promise<void> {
    this.#released = true;
    clearTimeout(this.#timer);
    await this.#renewing;
    const { id, slot } = this.#lease;
    // Without an answer it is free some seconds later, as after a crash.
    await this.#database.run(release, slot, id).catch(() => undefined);
  }

  #renewLater(): void {
    this.#timer = setTimeout(() => {
      this.#renewing = this.#renew().then((kept) => {
        if (kept && !this.#released) this.#renewLater();
      });
    }, renewMs);
    this.#timer.unref();
  }

  async #renew(): Promise<boolean> {
    const { id, slot } = this.#lease;
    try {
      if ((await this.#database.run(renew, slot, id)) > 0) return true;
    } catch {
      // The database is away: whoever took the slot meanwhile is seen when it is back.
      return true;
    }
    if (!this.#released) this.#onLost(slotLost());
    return false;
  }
}
