import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Api, connect } from "../journeys/kit/connect.ts";
import { type Load, startLoad } from "../journeys/kit/load.ts";
import { createRandom } from "../journeys/kit/random.ts";
import { closeReceivers, receiver } from "../journeys/kit/receivers.ts";
import {
  endAll,
  newDataDir,
  type PosthornProcess,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import type { Receiver } from "../kit/receiver.ts";
import { dropFreshDatabases, freshDatabase, type TestDatabase } from "../kit/test-database.ts";
import { until } from "../kit/until.ts";
import { attemptsIn, readLedger, sharesOf } from "./ledger.ts";

vi.setConfig({ testTimeout: 300_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
  await dropFreshDatabases();
});

const payload = z.object({ eventId: z.string() });
const even = "22,21,21";

function eventIdsOf({ requests }: Receiver): readonly string[] {
  return requests.map(({ body }) => payload.parse(JSON.parse(body.toString())).eventId);
}

/** Workers of one database, applications in many of its partitions, and what was promised. */
class Installation {
  readonly promised = new Set<string>();
  readonly workers: PosthornProcess[] = [];
  readonly apps: string[] = [];
  readonly #env: Readonly<Record<string, string>>;
  readonly #database: TestDatabase;
  #loads = 0;

  constructor(database: TestDatabase) {
    this.#database = database;
    this.#env = {
      POSTHORN_STORE: database.url,
      POSTHORN_MASTER_KEY: "ab".repeat(32),
      POSTHORN_LEASE_SECONDS: "2",
      POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2",
    };
  }

  async start(): Promise<PosthornProcess> {
    const worker = await startPosthorn({ dataDir: newDataDir(), env: this.#env });
    this.workers.push(worker);
    return worker;
  }

  async fill(url: string): Promise<void> {
    const api = this.api();
    for (let n = 0; n < 12; n += 1) {
      const app = await api.application();
      await api.endpoint(app, { url });
      this.apps.push(app);
    }
  }

  api(worker: PosthornProcess | undefined = this.workers[0]): Api {
    if (worker === undefined) throw new Error("there is no worker");
    return connect(worker);
  }

  /** To every application, through every worker. */
  load(): readonly Load[] {
    this.#loads += 1;
    return this.workers.flatMap((worker, w) =>
      this.apps.map((app, a) => {
        const name = `load-${this.#loads}-${w}-${a}`;
        return startLoad(this.api(worker), app, { name, publishers: 1, limit: 2_000 });
      }),
    );
  }

  async end(loads: readonly Load[]): Promise<void> {
    for (const load of loads) {
      await load.stop();
      for (const eventId of load.accepted) this.promised.add(eventId);
    }
  }

  async shares(expected: string): Promise<void> {
    await until(
      `the shares are ${expected}`,
      async () => (await sharesOf(this.#database)).join() === expected,
    );
  }

  async emptied(): Promise<void> {
    await until("nothing waits", async () => (await readLedger(this.#database)).waiting.size === 0);
  }

  /**
   * `twice`: sent again although every time before was recorded. What was under way at a worker that is
   * gone was recorded by nobody.
   */
  async broken(received: readonly string[]) {
    const recorded = await attemptsIn(this.#database);
    const times = Map.groupBy(received, (eventId) => eventId);
    return {
      missing: [...this.promised].filter((eventId) => !times.has(eventId)),
      twice: Array.from(times, ([eventId, { length }]) => ({ eventId, length })).filter(
        ({ eventId, length }) => length > 1 && length <= (recorded.get(eventId) ?? 0),
      ),
      again: received.length - times.size,
    };
  }
}

const countOf = (loads: readonly Load[]) =>
  loads.reduce((sum, { accepted }) => sum + accepted.size, 0);

async function threeWorkers(answer: Parameters<typeof receiver>[0] = {}) {
  const fast = await receiver(answer);
  const all = new Installation(await freshDatabase());
  for (let n = 0; n < 3; n += 1) await all.start();
  await all.fill(fast.url);
  await all.shares(even);
  return { all, fast };
}

describe("three workers", () => {
  test("of which one is killed, ten times under load: all arrives, and nothing twice but what was under way", async () => {
    const random = createRandom();
    const { all, fast } = await threeWorkers();
    try {
      for (let round = 0; round < 10; round += 1) {
        const loads = all.load();
        const enough = random.whole(1, 400);
        await until("enough is published", () => countOf(loads) >= enough);
        const [killed] = all.workers.splice(random.whole(0, 2), 1);
        await killed?.kill();
        await until("more is published", () => countOf(loads) >= enough + 100);
        await all.end(loads);
        await all.shares("32,32");
        await all.start();
        await all.shares(even);
      }
      await all.emptied();
      expect(await all.broken(eventIdsOf(fast))).toMatchObject({ missing: [], twice: [] });
    } catch (cause) {
      throw new Error(`with POSTHORN_TEST_SEED=${random.seed}`, { cause });
    }
  });

  test("of which one stands still past its lease: the others deliver, and what it says late changes nothing", async () => {
    const { all, fast } = await threeWorkers();
    const loads = all.load();
    await until("some is published", () => countOf(loads) >= 200);
    const [, stopped] = all.workers;
    if (stopped === undefined) throw new Error("there is no second worker");
    process.kill(stopped.pid, "SIGSTOP");
    try {
      await all.shares("32,32");
    } finally {
      process.kill(stopped.pid, "SIGCONT");
    }
    await all.shares(even);
    await all.end(loads);
    await all.emptied();
    expect(await all.broken(eventIdsOf(fast))).toMatchObject({ missing: [], twice: [] });
  });

  test("replaced one by one under load: nothing is lost, nothing twice, nothing waits for long", async () => {
    const { all, fast } = await threeWorkers();
    const loads: Load[] = [];
    for (let n = 0; n < 3; n += 1) {
      const started = await all.start();
      await all.shares("16,16,16,16");
      loads.push(...all.load());
      const [oldest] = all.workers.splice(0, 1);
      await until("some is published", () => countOf(loads) >= (n + 1) * 300);
      expect(await oldest?.stop()).toBe(0);
      await all.shares(even);
      expect(all.workers).toContain(started);
    }
    await all.end(loads);
    await all.emptied();
    expect(await all.broken(eventIdsOf(fast))).toEqual({ missing: [], twice: [], again: 0 });
  });
});
