import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import type { RecordedRequest, Receiver } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { type Ledger, readLedger } from "./kit/ledger.ts";
import { startLoad } from "./kit/load.ts";
import { createRandom } from "./kit/random.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";

// Twenty servers start here, one after the other.
vi.setConfig({ testTimeout: 300_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

// What was under way at a kill comes again by the schedule.
const env = { POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2" };
const payload = z.object({ eventId: z.string() });

function eventIdsOf(requests: readonly RecordedRequest[]): readonly string[] {
  return requests.map(({ body }) => payload.parse(JSON.parse(body.toString())).eventId);
}

interface Broken {
  /** Answered 202, and neither delivered nor waiting. */
  readonly lost: readonly string[];
  /** Recorded as delivered at the kill before, and sent again. */
  readonly repeated: readonly string[];
  /** Sent twice by one process. */
  readonly doubled: number;
}

const unbroken: Broken = { lost: [], repeated: [], doubled: 0 };

/** What was promised, recorded and sent over all lives of a server. */
class Account {
  readonly promised = new Set<string>();
  readonly asked = new Set<string>();
  readonly #receiver: Receiver;
  #recorded: ReadonlySet<string> = new Set();
  /** How many may have been sent twice so far: those that a kill kept from being recorded. */
  #excusable = 0;
  #seen = 0;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  afterKill({ delivered, live }: Ledger): Broken {
    const received = eventIdsOf(this.#receiver.requests);
    const now = received.slice(this.#seen);
    const broken = {
      lost: [...this.promised].filter((eventId) => !delivered.has(eventId) && !live.has(eventId)),
      repeated: now.filter((eventId) => this.#recorded.has(eventId)),
      doubled: now.length - new Set(now).size,
    };
    this.#seen = received.length;
    this.#recorded = delivered;
    this.#excusable += now.filter((eventId) => !delivered.has(eventId)).length;
    return broken;
  }

  /** When nothing waits any more. */
  atTheEnd() {
    const all = eventIdsOf(this.#receiver.requests);
    const received = new Set(all);
    return {
      undelivered: [...this.promised].filter((eventId) => !received.has(eventId)),
      invented: [...received].filter((eventId) => !this.asked.has(eventId)),
      beyondExcuse: Math.max(0, all.length - received.size - this.#excusable),
    };
  }
}

test("kill -9 at twenty random points under load breaks no promise and no file", async () => {
  const random = createRandom();
  const dataDir = newDataDir();
  const fast = await receiver();
  const account = new Account(fast);
  let app: string | undefined;
  try {
    for (let round = 0; round < 20; round += 1) {
      const server = await startPosthorn({ dataDir, env });
      const api = connect(server);
      if (app === undefined) {
        app = await api.application();
        await api.endpoint(app, { url: fast.url });
      }
      const publishers = random.whole(1, 48);
      const load = startLoad(api, app, { name: `round-${round}`, publishers, limit: 600 });
      const enough = random.whole(1, 400);
      await until("enough is published", () => load.accepted.size >= enough);
      await server.kill();
      await load.stop();
      // Or the next life would be blamed for what this one sent last.
      await fast.drained();
      expect(load.refused).toEqual([]);
      for (const eventId of load.accepted) account.promised.add(eventId);
      for (const eventId of load.asked) account.asked.add(eventId);
      const ledger = await readLedger(dataDir);
      expect(ledger.integrity).toBe("ok");
      expect(account.afterKill(ledger)).toEqual(unbroken);
    }
    const last = await startPosthorn({ dataDir, env });
    await until("nothing waits", async () => (await readLedger(dataDir)).waiting === 0);
    expect(await last.stop()).toBe(0);
    expect(account.afterKill(await readLedger(dataDir))).toEqual(unbroken);
    const kept = { undelivered: [], invented: [], beyondExcuse: 0 };
    expect(account.atTheEnd()).toEqual(kept);
  } catch (cause) {
    throw new Error(`with POSTHORN_TEST_SEED=${random.seed}`, { cause });
  }
});

test("a server that is stopped for longer than its deadlines goes on, and nothing is lost", async () => {
  const dataDir = newDataDir();
  const timeoutMs = 1000;
  const settings = { ...env, POSTHORN_REQUEST_TIMEOUT_MS: String(timeoutMs) };
  // Slow enough that there is always something under way.
  const slow = await receiver({
    answer: async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return {};
    },
  });
  const server = await startPosthorn({ dataDir, env: settings });
  const api = connect(server);
  const app = await api.application();
  await api.endpoint(app, { url: slow.url });
  const load = startLoad(api, app, { name: "load", publishers: 16, limit: 100_000 });
  await until("some are published", () => load.accepted.size >= 300);
  process.kill(server.pid, "SIGSTOP");
  const stoppedAt = Date.now();
  try {
    await until("every deadline is over", () => Date.now() - stoppedAt > 2 * timeoutMs);
  } finally {
    process.kill(server.pid, "SIGCONT");
  }
  const before = load.accepted.size;
  await until("it goes on", () => load.accepted.size >= before + 300);
  await load.stop();
  expect(load.refused).toEqual([]);
  await until("nothing waits", async () => (await readLedger(dataDir)).waiting === 0);
  expect(await server.stop()).toBe(0);

  const ledger = await readLedger(dataDir);
  expect(ledger.integrity).toBe("ok");
  expect([...load.accepted].filter((eventId) => !ledger.delivered.has(eventId))).toEqual([]);
  const received = eventIdsOf(slow.requests);
  expect([...load.accepted].filter((eventId) => !received.includes(eventId))).toEqual([]);
  // What was answered in the meantime is no timeout, however late it was looked at.
  expect(new Set(received).size).toBe(received.length);
});
