import type { Database } from "./database.ts";

/**
 * Frames of 8 KB in the WAL that make a checkpoint worth its two syncs. Whoever writes waits for it. Measured
 * at a source's gate (November 2026), with 1,000 / 4,000 / 16,000: 8 / 17 / 35 ms for the slowest answer
 * in a hundred at half the rate, and 0.58 / 0.65 / 0.67 of the ceiling: pages that are written again and again
 * go over once.
 */
const worthFrames = 3_000;

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

  /** Cheap enough for every commit: 3 µs. */
  get isWorth(): boolean {
    return this.pendingFrames() >= worthFrames;
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
