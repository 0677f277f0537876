import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Api, connect } from "../journeys/kit/connect.ts";
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

const workers = z.object({
  processes: z.array(z.object({ name: z.string(), alive: z.boolean() })),
  partitions: z.array(z.object({ owner: z.string().nullable() })),
});

/** How many partitions each process has that still runs on this machine. */
async function sharesOf(client: Api): Promise<readonly number[]> {
  const { partitions, processes } = workers.parse(await client.done("GET", "/workers"));
  return processes
    .filter(({ alive, name }) => alive && isAlive(Number(name.split(":").at(-1))))
    .map(({ name }) => partitions.filter(({ owner }) => owner === name).length);
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

describe("a process that stood still", () => {
  test("and whose place another one took, ends and says so", async () => {
    const database = await freshDatabase();
    const env = { POSTHORN_STORE: database.url, POSTHORN_MASTER_KEY: "ab".repeat(32) };
    const still = await start(["--roles", "api"], env);
    process.kill(still.pid, "SIGSTOP");
    await database.query("UPDATE processes SET renewed_at = now() - interval '1 minute'");
    // All other places are taken.
    await database.query(
      `INSERT INTO processes (slot, id, name, version, roles, started_at, renewed_at, ids_until)
       SELECT each, 'other', 'other', '1', 'api', now(), now() + interval '1 hour', 0
       FROM generate_series(2, 31) AS each`,
    );
    const next = await start(["--roles", "api"], env);
    process.kill(still.pid, "SIGCONT");
    await until("it ends", () => !isAlive(still.pid));
    expect(still.output()).toContain("another one has its place in the database");
    const client = connect(next);
    const app = await client.application();
    expect(await client.publish(app)).toMatch(/^msg_/);
    expect(await next.stop()).toBe(0);
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
    await until("both have their part", async () => {
      const shares = await sharesOf(client);
      return shares.length === 2 && shares.every((each) => each === 32);
    });
    const [first = 0] = pidsOf(server);
    process.kill(first, "SIGKILL");
    await until("the first is gone", () => !isAlive(first));
    await until("another one listens", () => pidsOf(server).length > 2);
    await until("all partitions have living owners", async () => {
      return (await sharesOf(client)).reduce((sum, each) => sum + each, 0) === 64;
    });
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
