import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { monotonicMs } from "../load/clock.ts";
import { query } from "../load/postgres.ts";
import type { PosthornProcess } from "../load/server.ts";
import { usageOfAll, type Usage } from "../load/usage.ts";

/** How long shares may take to become even. */
const evenWithinMs = 60_000;
const lookEveryMs = 20;

/** One process that serves the API, and workers that deliver, on one database. */
export class Installation {
  readonly api: PosthornProcess;
  readonly workers: PosthornProcess[] = [];
  readonly #url: string;
  readonly #startWorker: () => Promise<PosthornProcess>;

  static async open(
    bench: Bench,
    workers: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Installation> {
    const place = await bench.place();
    if (place.kind !== "postgres") throw new Error("workers share a database");
    const api = await bench.openProcess(place, ["api"], env);
    const startWorker = () => bench.openProcess(place, ["worker"], env);
    const made = new Installation(api, place.url, startWorker);
    try {
      for (let n = 0; n < workers; n += 1) await made.add();
      await made.isEven();
      return made;
    } catch (error) {
      await made.stop();
      throw error;
    }
  }

  private constructor(
    api: PosthornProcess,
    url: string,
    startWorker: () => Promise<PosthornProcess>,
  ) {
    this.api = api;
    this.#url = url;
    this.#startWorker = startWorker;
  }

  async add(): Promise<void> {
    this.workers.push(await this.#startWorker());
  }

  /** The worker that is there for longest leaves. */
  takeOldest(): PosthornProcess {
    const oldest = this.workers.shift();
    if (oldest === undefined) throw new Error("there is no worker");
    return oldest;
  }

  /** Waits until each worker has its share, even to within one. */
  async isEven(): Promise<void> {
    const until = monotonicMs() + evenWithinMs;
    for (;;) {
      const shares = await this.shares();
      const isEven =
        shares.length === this.workers.length && Math.max(...shares) - Math.min(...shares) <= 1;
      if (isEven) return;
      if (monotonicMs() > until) throw new Error(`the shares are ${shares.join(", ")}`);
      await pause(lookEveryMs);
    }
  }

  /** How many partitions each owner has. */
  async shares(): Promise<readonly number[]> {
    const rows = await query<{ partitions: number }>(
      this.#url,
      "SELECT count(*)::int AS partitions FROM leases WHERE owner <> '' GROUP BY owner",
    );
    return rows.map(({ partitions }) => partitions);
  }

  /** What a worker's leases name it by. */
  async ownerOf({ pid }: PosthornProcess): Promise<string> {
    const rows = await query<{ id: string }>(
      this.#url,
      "SELECT id FROM workers WHERE name LIKE '%:' || $1",
      [String(pid)],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("the worker is not registered");
    return row.id;
  }

  /** Resolves when others have all that `owner` had. */
  async isTakenFrom(owner: string): Promise<void> {
    for (;;) {
      const rows = await query<{ left: number }>(
        this.#url,
        "SELECT count(*)::int AS left FROM leases WHERE owner IN ($1, '')",
        [owner],
      );
      if (rows[0]?.left === 0) return;
      await pause(lookEveryMs);
    }
  }

  usage(): Usage | undefined {
    return usageOfAll([this.api, ...this.workers].map((each) => each.usage()));
  }

  async stop(): Promise<void> {
    await Promise.all([this.api, ...this.workers].map((each) => each.stop()));
  }
}
