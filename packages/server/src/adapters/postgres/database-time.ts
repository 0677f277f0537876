import { monotonicMs } from "../clock.ts";
import type { MeasuredTime } from "../steering.ts";
import { statement, type Sql } from "./database.ts";

const ask = statement<{ ms: number }>(
  "time-ask",
  "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms",
);
const atFirst = 8;
const later = 4;
const everyMs = 10_000;

/** Tells the time of the database: once before it resolves, and then now and again. */
export class DatabaseTime {
  readonly #sql: Sql;
  readonly #follow: (measured: MeasuredTime) => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(sql: Sql, follow: (measured: MeasuredTime) => void) {
    this.#sql = sql;
    this.#follow = follow;
  }

  async start(): Promise<void> {
    this.#follow(await measure(this.#sql, atFirst));
    this.#measureLater();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #measureLater(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      measure(this.#sql, later)
        // While the database is away the time goes on as it does.
        .then(this.#follow, () => undefined)
        .finally(() => this.#measureLater());
    }, everyMs);
    this.#timer.unref();
  }
}

/** Of several round trips the shortest, which leaves the least room for an error. */
async function measure(sql: Sql, times: number): Promise<MeasuredTime> {
  let best: MeasuredTime | undefined;
  for (let n = 0; n < times; n += 1) {
    const sentAt = monotonicMs();
    const row = await sql.get(ask);
    const errorMs = (monotonicMs() - sentAt) / 2;
    if (row === undefined) throw new Error("the database did not say its time");
    if (best !== undefined && best.errorMs <= errorMs) continue;
    best = { monotonicMs: sentAt + errorMs, databaseMs: row.ms, errorMs };
  }
  if (best === undefined) throw new Error("the time was not asked for");
  return best;
}
