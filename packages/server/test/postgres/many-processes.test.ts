import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { connect } from "../journeys/kit/connect.ts";
import { closeReceivers, idsOf, receiver } from "../journeys/kit/receivers.ts";
import {
  endAll,
  newDataDir,
  type PosthornProcess,
  runPosthorn,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { freePort } from "../kit/free-port.ts";
import { dropFreshDatabases, freshDatabase } from "../kit/test-database.ts";
import { until } from "../kit/until.ts";

vi.setConfig({ testTimeout: 120_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
  await dropFreshDatabases();
});

const line = z.object({ msg: z.string(), pid: z.int().optional() });

/** Of what a server has logged so far. */
function linesOf(server: PosthornProcess) {
  const whole = server.output().split("\n").slice(0, -1);
  return whole.filter((each) => each.startsWith("{")).map((each) => line.parse(JSON.parse(each)));
}

/** Of its processes that have listened, the first one first. */
function pidsOf(server: PosthornProcess): readonly number[] {
  return linesOf(server).flatMap(({ msg, pid }) =>
    pid !== undefined && msg.startsWith("Posthorn listens at") ? [pid] : [],
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  return startPosthorn({ dataDir: newDataDir(), args, env });
}

async function shared() {
  const { url } = await freshDatabase();
  return { POSTHORN_STORE: url, POSTHORN_MASTER_KEY: "ab".repeat(32) };
}

describe("processes with one role", () => {
  test("together deliver what one of them takes, and each says what it does", async () => {
    const env = await shared();
    const fast = await receiver();
    const worker = await start(["--roles", "worker"], env);
    const api = await start(["--roles", "api"], env);
    const client = connect(api);
    const app = await client.application();
    await client.endpoint(app, { url: fast.url });
    const message = await client.publish(app);
    await client.reaches(app, message, "delivered");
    expect(idsOf(fast)).toEqual([message]);
    const health = { status: "ok", parts: { dispatcher: null } };
    expect((await client.ask("GET", "/health")).body).toMatchObject(health);
    const delivers = connect(worker);
    expect((await delivers.ask("GET", "/health")).body).toMatchObject({
      parts: { dispatcher: { working: true } },
    });
    expect((await delivers.ask("GET", "/app")).body).toMatchObject({ code: "api_elsewhere" });
    expect(await api.stop()).toBe(0);
    expect(await worker.stop()).toBe(0);
  });

  test.each([
    [["--roles", "api"], /POSTHORN_ROLES: the embedded store has one process with both roles/],
    [["--processes", "2"], /POSTHORN_PROCESSES: the embedded store allows one process/],
  ])("and several processes (%j) are refused on the embedded store", async (args, told) => {
    const { code, output } = await runPosthorn(["serve", ...args], {
      POSTHORN_DATA_DIR: newDataDir(),
      POSTHORN_PORT: "0",
    });
    expect(code).toBe(1);
    expect(output).toMatch(told);
    expect(output).toContain("set POSTHORN_STORE to the postgres:// URL of a database");
  });
});

describe("serve --processes", () => {
  test("shares a port, replaces a process that was killed, and stops all in order", async () => {
    const env = await shared();
    const fast = await receiver();
    const worker = await start(["--roles", "worker"], env);
    const server = await start(["--roles", "api", "--processes", "2"], env);
    await until("both listen", () => pidsOf(server).length === 2);
    const client = connect(server);
    const app = await client.application();
    await client.endpoint(app, { url: fast.url });
    const messages = [await client.publish(app)];
    const [first = 0, second = 0] = pidsOf(server);
    expect(new Set([first, second, server.pid]).size).toBe(3);
    process.kill(first, "SIGKILL");
    // The other one answers meanwhile.
    await until("the first is gone", () => !isAlive(first));
    messages.push(await client.publish(app));
    await until("another one listens", () => pidsOf(server).length === 3);
    messages.push(await client.publish(app));
    for (const message of messages) await client.reaches(app, message, "delivered");
    expect(idsOf(fast).toSorted()).toEqual(messages.toSorted());
    expect(linesOf(server).every(({ pid }) => pid !== undefined)).toBe(true);
    expect(linesOf(server).map(({ msg }) => msg)).toContain(
      "a process has ended: another one is started",
    );
    expect(await server.stop()).toBe(0);
    expect(linesOf(server).filter(({ msg }) => msg === "stopped")).toHaveLength(3);
    expect(pidsOf(server).filter(isAlive)).toEqual([]);
    expect(await worker.stop()).toBe(0);
  });

  test("delivers in each of them, and goes on when the one that delivers is killed", async () => {
    const port = String(await freePort());
    const more = { POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2", POSTHORN_PORT: port };
    const fast = await receiver();
    const server = await start(["--processes", "2"], { ...(await shared()), ...more });
    const client = connect(server);
    const app = await client.application();
    await client.endpoint(app, { url: fast.url });
    await client.reaches(app, await client.publish(app), "delivered");
    const [first = 0] = pidsOf(server);
    process.kill(first, "SIGKILL");
    await until("the first is gone", () => !isAlive(first));
    await until("another one listens", () => pidsOf(server).length > 1);
    await client.reaches(app, await client.publish(app), "delivered");
    expect(await server.stop()).toBe(0);
    expect(pidsOf(server).filter(isAlive)).toEqual([]);
  });

  test("leaves no process behind when it is killed itself", async () => {
    const server = await start(["--roles", "api", "--processes", "2"], await shared());
    await until("both listen", () => pidsOf(server).length === 2);
    await server.kill();
    await until("all are gone", () => !pidsOf(server).some(isAlive));
  });

  test("ends at once with the error of a first process that cannot start", async () => {
    const { POSTHORN_STORE } = await shared();
    const { code, output } = await runPosthorn(["serve", "--processes", "3"], {
      POSTHORN_STORE: `${POSTHORN_STORE}-not`,
      POSTHORN_DATA_DIR: newDataDir(),
      POSTHORN_PORT: "0",
    });
    expect(code).toBe(1);
    expect(output.match(/the database refuses this user, or is not there/g)).toHaveLength(1);
  });

  test("ends when one that is replaced fails at its start again and again", async () => {
    const database = await freshDatabase();
    const env = { POSTHORN_STORE: database.url, POSTHORN_MASTER_KEY: "ab".repeat(32) };
    const server = await start(["--roles", "api", "--processes", "2"], env);
    await until("both listen", () => pidsOf(server).length === 2);
    await database.query("UPDATE installation SET key_check = 'of another key'");
    const [first = 0] = pidsOf(server);
    process.kill(first, "SIGKILL");
    await until("all end", () => !isAlive(server.pid));
    expect(server.output()).toMatch(/The master key is not the one/);
    expect(server.output()).toMatch(/a process ends again and again: all are stopped/);
    expect(pidsOf(server).filter(isAlive)).toEqual([]);
  });
});
