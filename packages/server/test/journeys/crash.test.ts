import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { type RecordedRequest, type Receiver, hang } from "../kit/receiver.ts";
import { testStore } from "../kit/test-store.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { readLedger } from "./kit/ledger.ts";
import { startLoad } from "./kit/load.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";

// A server starts some dozen times here, and stops after ten seconds at times.
vi.setConfig({ testTimeout: 180_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

const payload = z.object({ eventId: z.string() });

function eventIdsOf(requests: readonly RecordedRequest[]): readonly string[] {
  return requests.map(({ body }) => payload.parse(JSON.parse(body.toString())).eventId);
}

describe("kill -9", () => {
  test("under load loses nothing that was promised, and repeats only what was not recorded", async () => {
    const dataDir = newDataDir();
    // What was under way when it ended comes again by the schedule.
    const env = { POSTHORN_RETRY_SCHEDULE: "0,0.5,0.5,0.5,0.5,0.5" };
    const fast = await receiver();
    const promised = new Set<string>();
    const asked = new Set<string>();
    let app: string | undefined;

    for (let round = 0; round < 3; round += 1) {
      const server = await startPosthorn({ dataDir, env });
      const api = connect(server);
      if (app === undefined) {
        app = await api.application();
        await api.endpoint(app, { url: fast.url });
      }
      const load = startLoad(api, app, { name: `round-${round}`, publishers: 24, limit: 1500 });
      // Each round ends at another point of the work.
      const enough = 150 * (round + 1) + 37 * round;
      await until("enough is published", () => load.accepted.size >= enough);
      await server.kill();
      await load.stop();
      expect(load.refused).toEqual([]);
      for (const eventId of load.accepted) promised.add(eventId);
      for (const eventId of load.asked) asked.add(eventId);

      const ledger = await readLedger(dataDir);
      expect(ledger.integrity).toBe("ok");
      expect([...promised].filter((eventId) => !ledger.messages.has(eventId))).toEqual([]);
      const before = fast.requests.length;
      await expectRecovery(dataDir, env, { fast, before, delivered: ledger.delivered });
    }

    const received = new Set(eventIdsOf(fast.requests));
    expect([...promised].filter((eventId) => !received.has(eventId))).toEqual([]);
    expect([...received].filter((eventId) => !asked.has(eventId))).toEqual([]);
    expect(promised.size).toBeGreaterThan(1000);
  });

  /** Starts it again on the folder until nothing waits, and ends it again. */
  async function expectRecovery(
    dataDir: string,
    env: Readonly<Record<string, string>>,
    seen: {
      readonly fast: Receiver;
      readonly before: number;
      readonly delivered: ReadonlySet<string>;
    },
  ): Promise<void> {
    const server = await startPosthorn({ dataDir, env });
    await until("nothing waits", async () => (await readLedger(dataDir)).waiting === 0);
    await server.kill();
    const repeated = eventIdsOf(seen.fast.requests.slice(seen.before));
    expect(repeated.filter((eventId) => seen.delivered.has(eventId))).toEqual([]);
    expect(new Set(repeated).size).toBe(repeated.length);
    expect((await readLedger(dataDir)).integrity).toBe("ok");
  }

  test("leaves waiting retries at their times, over several crashes", async () => {
    const dataDir = newDataDir();
    const env = { POSTHORN_RETRY_SCHEDULE: "0,3600" };
    const broken = await receiver({ answer: { status: 500 } });
    let server = await startPosthorn({ dataDir, env });
    let api = connect(server);
    const app = await api.application();
    const dueAt = new Map<string, string | null>();
    for (let i = 0; i < 12; i += 1) {
      // An endpoint each: were they of one, its breaker would hold them.
      const eventType = `type.${i}`;
      await api.endpoint(app, { url: broken.url, eventTypes: [eventType] });
      const message = await api.publish(app, { eventType });
      dueAt.set(message, (await api.reaches(app, message, "retry-schedule")).nextAttempt);
    }
    for (let crash = 0; crash < 3; crash += 1) {
      await server.kill();
      expect(await readLedger(dataDir)).toMatchObject({ integrity: "ok", waiting: 12 });
      server = await startPosthorn({ dataDir, env });
      api = connect(server);
      for (const [message, nextAttempt] of dueAt) {
        const shown = { reason: "retry-schedule", attempts: 1, nextAttempt };
        expect(await api.delivery(app, message)).toMatchObject(shown);
      }
      // It works again, and has passed over what waits.
      const eventType = `crash.${crash}`;
      const fast = await receiver();
      await api.endpoint(app, { url: fast.url, eventTypes: [eventType] });
      await api.reaches(app, await api.publish(app, { eventType }), "delivered");
      expect(broken.requests).toHaveLength(12);
    }
  });

  test("lets waiting retries go on when their time has come, and not before", async () => {
    const dataDir = newDataDir();
    const env = { POSTHORN_RETRY_SCHEDULE: "0,4" };
    const times: number[] = [];
    const mending = await receiver({
      answer: () => ({ status: times.push(Date.now()) === 1 ? 500 : 200 }),
    });
    const server = await startPosthorn({ dataDir, env });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: mending.url });
    const message = await api.publish(app);
    const { nextAttempt } = await api.reaches(app, message, "retry-schedule");
    await server.kill();

    const again = connect(await startPosthorn({ dataDir, env }));
    expect(await again.reaches(app, message, "delivered")).toMatchObject({ attempts: 2 });
    // Two processes read the same clock, each rounding to the millisecond in its own way.
    const roundingMs = 20;
    expect(times).toHaveLength(2);
    expect(times[1]).toBeGreaterThanOrEqual(Date.parse(nextAttempt ?? "") - roundingMs);
  });

  test("with a request under way that hangs: it is shown as unknown, and made again", async () => {
    const dataDir = newDataDir();
    const env = { POSTHORN_RETRY_SCHEDULE: "0,0.5,0.5" };
    let hangs = true;
    const slow = await receiver({
      answer: (request, socket) => (hangs ? hang(request, socket) : {}),
    });
    const server = await startPosthorn({ dataDir, env });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: slow.url });
    const message = await api.publish(app);
    await api.reaches(app, message, "sending");
    await server.kill();
    hangs = false;

    const again = connect(await startPosthorn({ dataDir, env }));
    await again.reaches(app, message, "delivered");
    expect(await again.attempts(app, message)).toMatchObject([
      { number: 1, outcome: "unknown", errorClass: "process-ended" },
      { number: 2, outcome: "delivered", errorClass: null },
    ]);
    expect(idsOf(slow)).toEqual([message, message]);
  });

  test("in the first second of a request: the next attempt says that there may have been one", async () => {
    const dataDir = newDataDir();
    let hangs = true;
    const slow = await receiver({
      answer: (request, socket) => (hangs ? hang(request, socket) : {}),
    });
    const server = await startPosthorn({ dataDir });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: slow.url });
    const message = await api.publish(app);
    await slow.received(1);
    await server.kill();
    hangs = false;

    const again = connect(await startPosthorn({ dataDir }));
    await again.reaches(app, message, "delivered");
    const [first, second] = await again.attempts(app, message);
    expect(first).toMatchObject({ number: 1, outcome: "delivered" });
    expect(first?.detail).toContain("an earlier one may have been under way");
    expect(second).toBeUndefined();
    expect(idsOf(slow)).toEqual([message, message]);
  });
});

describe("SIGTERM", () => {
  test("ends it with code 0 although a request hangs, which is handed back", async () => {
    const dataDir = newDataDir();
    // Without a bound of its own the stop would take as long as the request may: longer than a test.
    const env = { POSTHORN_REQUEST_TIMEOUT_MS: "120000", POSTHORN_RETRY_SCHEDULE: "0,0.5,0.5" };
    let hangs = true;
    const slow = await receiver({
      answer: (request, socket) => (hangs ? hang(request, socket) : {}),
    });
    const server = await startPosthorn({ dataDir, env });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: slow.url });
    const message = await api.publish(app);
    await slow.received(1);
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain('"stopped"');
    expect(await readLedger(dataDir)).toMatchObject({ integrity: "ok", waiting: 1 });

    hangs = false;
    const again = connect(await startPosthorn({ dataDir, env }));
    await again.reaches(app, message, "delivered");
    expect(await again.attempts(app, message)).toMatchObject([
      { number: 1, outcome: "unknown", errorClass: "process-ended" },
      { number: 2, outcome: "delivered" },
    ]);
    expect(idsOf(slow)).toEqual([message, message]);
  });

  test("ends it while clients go on publishing, and nothing is lost or sent twice", async () => {
    const dataDir = newDataDir();
    const fast = await receiver({
      answer: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return {};
      },
    });
    const server = await startPosthorn({ dataDir });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: fast.url });
    const load = startLoad(api, app, { name: "load", publishers: 8, limit: 100_000 });
    await until("some are published", () => load.accepted.size >= 100);
    expect(await server.stop()).toBe(0);
    await load.stop();
    expect(load.refused).toEqual([]);

    const again = await startPosthorn({ dataDir });
    await until("nothing waits", async () => (await readLedger(dataDir)).waiting === 0);
    expect(await again.stop()).toBe(0);
    const received = eventIdsOf(fast.requests);
    expect(new Set(received).size).toBe(received.length);
    expect([...load.accepted].filter((eventId) => !received.includes(eventId))).toEqual([]);
  });
});

describe("a data folder", () => {
  // With Postgres a second server waits until the first one ends, see the tests of the store.
  if (testStore === "sqlite") {
    test("that a server uses is refused to a second one, which ends with 1 and says why", async () => {
      const dataDir = newDataDir();
      const first = await startPosthorn({ dataDir });
      const second = startPosthorn({ dataDir });
      await expect(second).rejects.toThrow(/ended with 1:[^]*in use by another process/);
      const api = connect(first);
      expect(await api.done("GET", "/health")).toMatchObject({ status: "ok" });
      await api.application();
    });
  }

  test("whose master key is gone, another one, or damaged is refused with what to do", async () => {
    const dataDir = newDataDir();
    const first = await startPosthorn({ dataDir });
    await connect(first).application();
    expect(await first.stop()).toBe(0);
    const file = join(dataDir, "master.key");
    const key = readFileSync(file);

    rmSync(file);
    await expect(startPosthorn({ dataDir })).rejects.toThrow(
      /ended with 1:[^]*master key of .* is missing: set POSTHORN_MASTER_KEY or put master.key back/,
    );
    const another = Buffer.alloc(32, 7).toString("base64");
    await expect(startPosthorn({ dataDir, env: { POSTHORN_MASTER_KEY: another } })).rejects.toThrow(
      /ended with 1:[^]*not the one that .* was sealed with/,
    );
    writeFileSync(file, "AAAA\n");
    await expect(startPosthorn({ dataDir })).rejects.toThrow(
      /ended with 1:[^]*does not hold 32 bytes in base64/,
    );
    await expect(
      startPosthorn({ dataDir, env: { POSTHORN_MASTER_KEY: "too-short" } }),
    ).rejects.toThrow(/ended with 1:[^]*POSTHORN_MASTER_KEY: must be 32 bytes/);

    writeFileSync(file, key);
    const last = await startPosthorn({ dataDir });
    expect(await connect(last).done("GET", "/app")).toMatchObject({ data: [{}] });
  });
});
