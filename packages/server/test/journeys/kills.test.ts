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

/** What was promised, recorded and sent over all lives of a server. */
class Account {
  readonly promised = new Set<string>();
  readonly asked = new Set<string>();
  /** Recorded as delivered when the server was last killed: never to be sent again. */
  #recorded: ReadonlySet<string> = new Set();
  #unrecorded = new Set<string>();
  /** How many may have been sent twice so far, because a kill came before they were recorded. */
  #excusable = 0;
  #seen = 0;
  readonly #receiver: Receiver;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  /** After each kill. */
  expectKept(ledger: Ledger): void {
    expect(ledger.integrity).toBe("ok");
    const kept = [...this.promised].filter((id) => ledger.delivered.has(id) || ledger.live.has(id));
    expect(kept).toHaveLength(this.promised.size);
    const received = eventIdsOf(this.#receiver.requests);
    const now = received.slice(this.#seen);
    expect(now.filter((eventId) => this.#recorded.has(eventId))).toEqual([]);
    expect(new Set(now).size).toBe(now.length);
    this.#seen = received.length;
    this.#recorded = ledger.delivered;
    this.#unrecorded = new Set(now.filter((eventId) => !ledger.delivered.has(eventId)));
    this.#excusable += this.#unrecorded.size;
  }

  /** When nothing waits any more. */
  expectSettled(): void {
    const all = eventIdsOf(this.#receiver.requests);
    const received = new Set(all);
    expect([...this.promised].filter((eventId) => !received.has(eventId))).toEqual([]);
    expect([...received].filter((eventId) => !this.asked.has(eventId))).toEqual([]);
    expect(all.length - received.size).toBeLessThanOrEqual(this.#excusable);
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
      expect(load.refused).toEqual([]);
      for (const eventId of load.accepted) account.promised.add(eventId);
      for (const eventId of load.asked) account.asked.add(eventId);
      account.expectKept(readLedger(dataDir));
    }
    const last = await startPosthorn({ dataDir, env });
    await until("nothing waits", () => readLedger(dataDir).waiting === 0);
    expect(await last.stop()).toBe(0);
    account.expectKept(readLedger(dataDir));
    account.expectSettled();
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
  await until("nothing waits", () => readLedger(dataDir).waiting === 0);
  expect(await server.stop()).toBe(0);

  const ledger = readLedger(dataDir);
  expect(ledger.integrity).toBe("ok");
  expect([...load.accepted].filter((eventId) => !ledger.delivered.has(eventId))).toEqual([]);
  const received = eventIdsOf(slow.requests);
  expect([...load.accepted].filter((eventId) => !received.includes(eventId))).toEqual([]);
  // What was answered in the meantime is no timeout, however late it was looked at.
  expect(new Set(received).size).toBe(received.length);
});
