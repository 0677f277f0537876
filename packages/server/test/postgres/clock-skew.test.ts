import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { DatabaseTime } from "../../src/adapters/postgres/database-time.ts";
import { openDatabase } from "../../src/adapters/postgres/database.ts";
import type { MeasuredTime } from "../../src/adapters/steering.ts";
import { type Api, connect } from "../journeys/kit/connect.ts";
import { jumpingClock } from "../journeys/kit/jumping-clock.ts";
import { closeReceivers, idsOf, receiver } from "../journeys/kit/receivers.ts";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { dropFreshDatabases, freshDatabase } from "../kit/test-database.ts";

vi.setConfig({ testTimeout: 120_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
  await dropFreshDatabases();
});

const fiveMinutesMs = 300_000;
/** Far less than the clocks are off, and more than any step takes. */
const nearMs = 60_000;

async function startOn(url: string, roles: string, aheadMs: number) {
  const dataDir = newDataDir();
  const clock = jumpingClock(dataDir);
  clock.jump(aheadMs);
  const env = {
    ...clock.env,
    POSTHORN_STORE: url,
    POSTHORN_MASTER_KEY: "ab".repeat(32),
    POSTHORN_RETRY_SCHEDULE: "0,2,2",
  };
  return startPosthorn({ dataDir, args: ["--roles", roles], env });
}

const listed = z.object({ data: z.array(z.object({ id: z.string(), timestamp: z.string() })) });

async function messagesOf(api: Api, app: string) {
  const { data } = listed.parse(await api.done("GET", `/app/${app}/msg?limit=250`));
  return data.toReversed();
}

describe("processes whose clocks are five minutes off", () => {
  test("go by the database's: order, due times and signatures are right", async () => {
    const { url } = await freshDatabase();
    const worker = await startOn(url, "worker", -fiveMinutesMs);
    const ahead = await startOn(url, "api", fiveMinutesMs);
    const behind = await startOn(url, "api", -fiveMinutesMs);
    for (const server of [worker, ahead, behind]) {
      expect(server.output()).toContain("this machine's clock differs from the database's");
    }
    const apis = [connect(ahead), connect(behind)] as const;
    const fast = await receiver();
    let failures = 0;
    const mending = await receiver({ answer: () => ({ status: failures++ === 0 ? 500 : 200 }) });
    const app = await apis[0].application();
    await apis[0].endpoint(app, { url: fast.url, eventTypes: ["plain"] });
    await apis[0].endpoint(app, { url: mending.url, eventTypes: ["mending"] });
    const published: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      for (const api of apis) published.push(await api.publish(app, { eventType: "plain" }));
    }
    // By the order of their ids, whichever process made them.
    const messages = await messagesOf(apis[1], app);
    expect(messages.map(({ id }) => id)).toEqual(published);
    for (const { timestamp } of messages) {
      expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(nearMs);
    }
    for (const id of published) await apis[0].reaches(app, id, "delivered");
    expect(idsOf(fast).toSorted()).toEqual(published.toSorted());
    // Not in five minutes: the process that takes it is that far ahead of the one that delivers it.
    const retried = await apis[0].publish(app, { eventType: "mending" });
    expect(await apis[0].reaches(app, retried, "delivered")).toMatchObject({ attempts: 2 });
    for (const { headers } of [...fast.requests, ...mending.requests]) {
      const signedAt = Number(headers["webhook-timestamp"]) * 1000;
      expect(Math.abs(signedAt - Date.now())).toBeLessThan(nearMs);
    }
  });
});

describe("the database's time", () => {
  test("is measured to within half of a round trip", async () => {
    const { url } = await freshDatabase();
    const database = openDatabase({ url, connections: 1, name: "time" });
    const measured: MeasuredTime[] = [];
    const time = new DatabaseTime(database, (each) => measured.push(each));
    const before = Date.now();
    await time.start();
    const after = Date.now();
    time.stop();
    await database.close();
    expect(measured).toHaveLength(1);
    // The database runs on this machine, and so has its clock.
    expect(measured[0]?.databaseMs).toBeGreaterThanOrEqual(before - 1);
    expect(measured[0]?.databaseMs).toBeLessThanOrEqual(after + 1);
    expect(measured[0]?.errorMs).toBeGreaterThan(0);
  });
});
