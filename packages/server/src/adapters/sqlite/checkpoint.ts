import type { Database } from "./database.ts";

/** Frames in the WAL that make a checkpoint worth its syncs when nothing else is to do. */
export const idleFrames = 4_000;
/** Frames that are not exceeded by much, whatever the load: 16,000 pages of 8 KB. */
export const boundFrames = 16_000;

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

  pendingFrames(): number {
    const row = this.#look.get();
    return row === undefined ? 0 : Math.max(0, row.log - row.checkpointed);
  }

  run(): void {
    this.#passive.get();
  }

  /** At the end: leaves no WAL behind. */
  truncate(): void {
    this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
}
