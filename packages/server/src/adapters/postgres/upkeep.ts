import type { Days } from "./days.ts";
import { NotSent, type Database } from "./database.ts";
import { judged } from "./faults.ts";
import { lanesWithWork } from "./queue.ts";
import { Sweep } from "./sweep.ts";
import type { Places } from "./places.ts";
import type { Writes } from "./writes.ts";

export interface StoreLogLine {
  readonly level: "warn" | "error";
  readonly message: string;
}

export interface UpkeepParts {
  readonly database: Database;
  readonly days: Days;
  readonly places: Places;
  readonly writes: Writes;
  readonly now: () => number;
  readonly log: (line: StoreLogLine) => void;
}

const betweenMs = 1_000;
const lanesAtOnce = 200;

/**
 * What happens by itself, each second: lanes with due work are named to the owner, for the case that
 * nobody handed the work over (a commit in doubt, another process), and what has expired is removed.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #sweep: Sweep;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #beyond = { partition: -1, endpoint: -1 };

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    this.#sweep = new Sweep(parts);
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#round().finally(() => this.#schedule());
    }, betweenMs);
    this.#timer.unref();
  }

  async #round(): Promise<void> {
    await this.#attend("the look for waiting deliveries", () => this.#look());
    await this.#attend("the sweep", () => this.#sweep.step(this.#parts.now()));
  }

  /** Goes round all lanes, so many each time. */
  async #look(): Promise<void> {
    const { database, now, writes } = this.#parts;
    await writes.tellAgain();
    const ahead = [...writes.owned()].toSorted((a, b) => a - b);
    let left = lanesAtOnce;
    for (const partition of ahead.filter((each) => each >= this.#beyond.partition)) {
      const beyond = partition === this.#beyond.partition ? this.#beyond.endpoint : -1;
      const found = await lanesWithWork(database, { partition, beyond, most: left });
      const time = now();
      writes.wake(found.filter(({ due }) => due <= time));
      left -= found.length;
      this.#beyond = { partition, endpoint: found.at(-1)?.endpoint ?? -1 };
      if (left === 0) return;
    }
    this.#beyond = { partition: -1, endpoint: -1 };
  }

  async #attend(what: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (this.#stopped) return;
      const cause = judged(error instanceof NotSent ? error.cause : error);
      const detail = cause instanceof Error ? cause.message : String(cause);
      this.#parts.log({ level: "warn", message: `${what} failed: ${detail}` });
    }
  }
}
