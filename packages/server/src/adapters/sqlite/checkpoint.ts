import type { Database } from "./database.ts";

/** Frames of 8 KB in the WAL that make a checkpoint worth its syncs. */
const worthFrames = 3_000;
/**
 * A thread that copies frames while others are written never gets to the end, from where the WAL
 * would begin anew. So few are copied by who writes: it waits for them some 2 ms.
 */
const fewFrames = 600;
/** However many are left, the WAL is not to grow much further than this: 64 MB. */
const mostFrames = 8_000;

interface Row {
  readonly log: number;
  readonly checkpointed: number;
}

/** Moves the WAL into the database file, on purpose and off the hot path. */
export class Checkpoints {
  readonly #database: Database;
  readonly #look;
  readonly #passive;

  constructor(database: Database) {
    this.#database = database;
    // An SQLite before 3.51 does not know NOOP and takes it for PASSIVE: more often, not wrong.
    this.#look = database.prepare<Row>("PRAGMA wal_checkpoint(NOOP)");
    this.#passive = database.prepare<Row>("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Cheap enough for every commit. */
  get isWorth(): boolean {
    return this.pendingFrames() >= worthFrames;
  }

  /** After most was copied beside: the rest is to be copied here. */
  get shouldEnd(): boolean {
    const { log, pending } = this.#frames();
    return pending <= fewFrames || log >= mostFrames;
  }

  pendingFrames(): number {
    return this.#frames().pending;
  }

  run(): void {
    this.#passive.get();
  }

  #frames(): { readonly log: number; readonly pending: number } {
    const { checkpointed, log } = this.#look.get() ?? { checkpointed: 0, log: 0 };
    return { log, pending: Math.max(0, log - checkpointed) };
  }

  /** At the end: leaves no WAL behind. */
  truncate(): void {
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
}
