import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { connect } from "../journeys/kit/connect.ts";
import { startLoad } from "../journeys/kit/load.ts";
import { closeReceivers, idsOf, receiver } from "../journeys/kit/receivers.ts";
import { endAll, newDataDir, runPosthorn, startPosthorn } from "../kit/posthorn-process.ts";
import type { Receiver } from "../kit/receiver.ts";
import { type PostgresServer, startPostgres } from "../kit/postgres-server.ts";
import { dropFreshDatabases, freshDatabase, newDatabase } from "../kit/test-database.ts";
import { until } from "../kit/until.ts";
import { readLedger, sharesOf } from "./ledger.ts";

vi.setConfig({ testTimeout: 120_000 });

const servers: PostgresServer[] = [];
afterEach(async () => {
  await endAll();
  await closeReceivers();
  await dropFreshDatabases();
  for (const server of servers.splice(0)) await server.remove();
});

// What was under way at a kill comes again by the schedule.
const schedule = { POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2" };
const payload = z.object({ eventId: z.string() });

function eventIdsOf({ requests }: Receiver): readonly string[] {
  return requests.map(({ body }) => payload.parse(JSON.parse(body.toString())).eventId);
}

describe("a server on Postgres", () => {
  test("delivers what is published, lists it, and says its password nowhere", async () => {
    const database = await freshDatabase();
    const env = { POSTHORN_STORE: database.url, POSTHORN_LOG_LEVEL: "trace" };
    const server = await startPosthorn({ dataDir: newDataDir(), env });
    const api = connect(server);
    const fast = await receiver();
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: fast.url });
    const message = await api.publish(app, { eventId: "one", payload: { big: 1 } });
    expect(await api.reaches(app, message, "delivered")).toMatchObject({ attempts: 1 });
    expect(idsOf(fast)).toEqual([message]);
    expect(await api.attempts(app, message)).toHaveLength(1);
    await api.done("PATCH", `/app/${app}/endpoint/${endpoint}`, { body: { disabled: true } });
    expect(await api.events(app, endpoint)).toHaveLength(1);
    const again = { eventType: "thing.happened", eventId: "one", payload: {} };
    expect((await api.ask("POST", `/app/${app}/msg`, { body: again })).status).toBe(409);
    expect(await server.stop()).toBe(0);
    const { password } = new URL(database.url);
    expect(password).not.toBe("");
    expect(server.output()).not.toContain(password);
  });

  test("takes no other master key, and leaves backups to the database's tools", async () => {
    const database = await freshDatabase();
    const env = { POSTHORN_STORE: database.url };
    const first = await startPosthorn({ dataDir: newDataDir(), env });
    expect(await first.stop()).toBe(0);
    const missing = startPosthorn({ dataDir: newDataDir(), env });
    await expect(missing).rejects.toThrow(/master key of .* is missing/);
    const other = { ...env, POSTHORN_MASTER_KEY: "ab".repeat(32) };
    await expect(startPosthorn({ dataDir: newDataDir(), env: other })).rejects.toThrow(
      /master key is not the one/,
    );
    const backup = await runPosthorn(["backup", newDataDir()], env);
    expect(backup).toMatchObject({ code: 1, output: expect.stringMatching(/pg_dump/) });
  });

  test("killed under load and started again, delivers everything that it accepted", async () => {
    const database = await freshDatabase();
    const env = { ...schedule, POSTHORN_STORE: database.url };
    const dataDir = newDataDir();
    const fast = await receiver();
    const promised: string[] = [];
    const asked = new Set<string>();
    let app: string | undefined;
    for (let round = 0; round < 4; round += 1) {
      const server = await startPosthorn({ dataDir, env });
      const api = connect(server);
      if (app === undefined) {
        app = await api.application();
        await api.endpoint(app, { url: fast.url });
      }
      const load = startLoad(api, app, { name: `round-${round}`, publishers: 24, limit: 2000 });
      await until("enough is published", () => load.accepted.size >= 150 * (round + 1));
      await server.kill();
      await load.stop();
      expect(load.refused).toEqual([]);
      promised.push(...load.accepted);
      for (const eventId of load.asked) asked.add(eventId);
    }
    const last = await startPosthorn({ dataDir, env });
    await until("nothing waits", async () => (await readLedger(database)).waiting.size === 0);
    expect(await last.stop()).toBe(0);
    const { delivered } = await readLedger(database);
    expect(promised.filter((eventId) => !delivered.has(eventId))).toEqual([]);
    const received = new Set(eventIdsOf(fast));
    expect(promised.filter((eventId) => !received.has(eventId))).toEqual([]);
    expect([...received].filter((eventId) => !asked.has(eventId))).toEqual([]);
  });

  test("shares with another one, and has all when that is killed", async () => {
    const database = await freshDatabase();
    const env = {
      ...schedule,
      POSTHORN_STORE: database.url,
      POSTHORN_MASTER_KEY: "ab".repeat(32),
    };
    const first = await startPosthorn({ dataDir: newDataDir(), env });
    const api = connect(first);
    const fast = await receiver();
    const app = await api.application();
    await api.endpoint(app, { url: fast.url });
    const second = await startPosthorn({ dataDir: newDataDir(), env });
    await until("they share", async () => (await sharesOf(database)).join() === "32,32");
    const load = startLoad(api, app, { name: "load", publishers: 8, limit: 100_000 });
    await until("some are published", () => load.accepted.size >= 300);
    await first.kill();
    await load.stop();
    await until("the other one has all", async () => (await sharesOf(database)).join() === "64");
    await until("nothing waits", async () => (await readLedger(database)).waiting.size === 0);
    const received = new Set(eventIdsOf(fast));
    expect([...load.accepted].filter((eventId) => !received.has(eventId))).toEqual([]);
    expect(await second.stop()).toBe(0);
  });

  test("in steady state sends nothing twice", async () => {
    const database = await freshDatabase();
    const server = await startPosthorn({
      dataDir: newDataDir(),
      env: { POSTHORN_STORE: database.url },
    });
    const api = connect(server);
    const receivers = await Promise.all([receiver(), receiver(), receiver()]);
    const app = await api.application();
    for (const { url } of receivers) await api.endpoint(app, { url });
    const load = startLoad(api, app, { name: "load", publishers: 48, limit: 3000 });
    await until("all is published", () => load.accepted.size >= 3000);
    await load.stop();
    await until("nothing waits", async () => (await readLedger(database)).waiting.size === 0);
    for (const each of receivers) {
      const received = eventIdsOf(each);
      expect(received).toHaveLength(3000);
      expect(new Set(received).size).toBe(3000);
    }
    expect(await server.stop()).toBe(0);
  });
});

describe("a database that is away", () => {
  test("because it crashed under load: publishes are answered 503, nothing accepted is lost, and it goes on by itself", async () => {
    const postgres = await startPostgres({ fsync: true });
    servers.push(postgres);
    const database = await newDatabase(postgres.url);
    const env = { ...schedule, POSTHORN_STORE: database.url };
    const server = await startPosthorn({ dataDir: newDataDir(), env });
    const api = connect(server);
    const fast = await receiver();
    const app = await api.application();
    await api.endpoint(app, { url: fast.url });
    const load = startLoad(api, app, { name: "load", publishers: 16, limit: 100_000 });
    for (const how of ["immediate", "fast"] as const) {
      const before = load.accepted.size;
      await until("it goes on", () => load.accepted.size >= before + 200);
      const refusedBefore = load.refused.length;
      await postgres.stop(how);
      await until("it says so", () => load.refused.length > refusedBefore);
      const health = await api.ask("GET", "/health");
      expect(health.status).toBe(503);
      await postgres.start();
    }
    const before = load.accepted.size;
    await until("it goes on", () => load.accepted.size >= before + 200);
    await load.stop();
    const code = z.object({ code: z.literal("store_unreachable") });
    const others = load.refused.filter((text) => !code.safeParse(JSON.parse(text)).success);
    expect(others).toEqual([]);
    await until("nothing waits", async () => (await readLedger(database)).waiting.size === 0);
    const received = new Set(eventIdsOf(fast));
    expect([...load.accepted].filter((eventId) => !received.has(eventId))).toEqual([]);
    expect([...received].filter((eventId) => !load.asked.has(eventId))).toEqual([]);
    expect(await server.stop()).toBe(0);
  });
});
