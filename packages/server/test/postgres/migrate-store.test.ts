import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { openDatabase } from "../../src/adapters/postgres/database.ts";
import { migrate } from "../../src/adapters/postgres/migrations.ts";
import { openMovingTarget } from "../../src/adapters/postgres/moving-target.ts";
import { movedTables } from "../../src/adapters/sql/moved-tables.ts";
import { connect, type Api } from "../journeys/kit/connect.ts";
import { startLoad } from "../journeys/kit/load.ts";
import { closeReceivers, receiver } from "../journeys/kit/receivers.ts";
import {
  beginPosthorn,
  endAll,
  newDataDir,
  runPosthorn,
  startPosthorn,
  type PosthornProcess,
} from "../kit/posthorn-process.ts";
import { dropFreshDatabases, freshDatabase } from "../kit/test-database.ts";
import { until } from "../kit/until.ts";

vi.setConfig({ testTimeout: 120_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
  await dropFreshDatabases();
});

// Nothing is tried a second time while a test looks.
const patient = { POSTHORN_RETRY_SCHEDULE: "0,3600,3600" };
const secretOf = z.object({ key: z.string() });

interface Made {
  readonly dataDir: string;
  readonly app: string;
  readonly delivered: string;
  readonly waiting: readonly string[];
  readonly secret: string;
  readonly seen: Readonly<Record<string, unknown>>;
}

/** An installation that was used, and stopped in order. */
async function used(url: string, options: { readonly waiting: number }): Promise<Made> {
  const dataDir = newDataDir();
  const server = await startPosthorn({ dataDir, env: patient });
  const api = connect(server);
  const app = await api.application({
    name: "Acme 📦 GmbH",
    uid: "acme",
    metadata: { a: "b" },
  });
  await api.done("POST", "/event-type", { body: { name: "thing.happened", description: "x" } });
  const live = await api.endpoint(app, { url, channels: ["live"], headers: { "x-a": "secret" } });
  const held = await api.endpoint(app, { url, channels: ["held"], uid: "held" });
  await api.done("POST", `/app/${app}/endpoint/${held}/pause`);
  await api.done("POST", `/app/${app}/endpoint/${held}/secret/rotate`, { body: {} });
  const fields = { channels: ["live"], tags: ["t"], payload: { text: "\u0000" } };
  const delivered = await api.publish(app, { ...fields, eventId: "first" });
  await api.reaches(app, delivered, "delivered");
  const waiting: string[] = [];
  for (let n = 0; n < options.waiting; n += 1) {
    waiting.push(await api.publish(app, { channels: ["held"], payload: { n } }));
  }
  const { key } = secretOf.parse(await api.done("GET", `/app/${app}/endpoint/${held}/secret`));
  const seen = await look(api, { app, live, held, delivered });
  expect(await server.stop()).toBe(0);
  return { dataDir, app, delivered, waiting, secret: key, seen };
}

/** Everything that the API shows of it. */
async function look(
  api: Api,
  of: {
    readonly app: string;
    readonly live: string;
    readonly held: string;
    readonly delivered: string;
  },
): Promise<Readonly<Record<string, unknown>>> {
  const { app, delivered, held, live } = of;
  const paths = [
    "/app",
    "/event-type",
    `/app/${app}`,
    `/app/${app}/endpoint`,
    `/app/${app}/endpoint/${live}/headers`,
    `/app/${app}/endpoint/${held}/event`,
    `/app/${app}/endpoint/${held}/revision`,
    `/app/${app}/endpoint/${held}/msg`,
    `/app/${app}/endpoint/${live}/stats`,
    `/app/${app}/msg`,
    `/app/${app}/msg/${delivered}`,
    `/app/${app}/attempt/msg/${delivered}`,
    `/app/${app}/attempt/endpoint/${live}`,
  ];
  const seen: Record<string, unknown> = { of };
  for (const path of paths) seen[path] = await api.done("GET", path);
  return seen;
}

const ids = z.object({
  app: z.string(),
  live: z.string(),
  held: z.string(),
  delivered: z.string(),
});

function move(dataDir: string, url: string, env: Readonly<Record<string, string>> = {}) {
  return runPosthorn(["migrate-store", "--from", `sqlite:${dataDir}`, "--to", url], env);
}

async function startMoved(dataDir: string, url: string): Promise<PosthornProcess> {
  return startPosthorn({ dataDir, env: { ...patient, POSTHORN_STORE: url } });
}

describe("migrate-store", () => {
  test("moves an installation: what was there is shown as it was, and what waited is sent", async () => {
    const target = await receiver();
    const made = await used(target.url, { waiting: 12 });
    const database = await freshDatabase();
    const moved = await move(made.dataDir, database.url);
    expect(moved).toMatchObject({ code: 0, output: expect.stringMatching(/all are the same/) });
    expect(moved.output).not.toContain(new URL(database.url).password);

    const server = await startMoved(made.dataDir, database.url);
    const api = connect(server);
    const of = ids.parse(made.seen["of"]);
    expect(await look(api, of)).toEqual(made.seen);
    await api.done("POST", `/app/${made.app}/endpoint/${of.held}/resume`);
    const requests = await target.received(1 + made.waiting.length);
    const sent = requests.slice(1).map(({ headers }) => headers["webhook-id"] ?? "");
    expect(sent.toSorted()).toEqual(made.waiting.toSorted());
    const { body, headers } = requests[1] ?? { body: Buffer.alloc(0), headers: {} };
    expect(new Webhook(made.secret).verify(body.toString(), { ...headers })).toBeDefined();
    // An event id that was taken there is taken here, and a new message gets a new id.
    const again = { eventType: "thing.happened", eventId: "first", payload: {} };
    expect((await api.ask("POST", `/app/${made.app}/msg`, { body: again })).status).toBe(409);
    const next = await api.publish(made.app, { payload: {} });
    expect([...made.waiting, made.delivered]).not.toContain(next);
  });

  test("killed in the middle, goes on where it ended, and nobody serves half of it", async () => {
    const target = await receiver();
    const made = await used(target.url, { waiting: 3 });
    const database = await freshDatabase();
    const store = openDatabase({ url: database.url, connections: 1, name: "test" });
    await migrate(store);
    await store.close();
    // What waits cannot be written: the move stands still there.
    const blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query("BEGIN; LOCK TABLE queue IN SHARE MODE");
    const first = beginPosthorn(["migrate-store", "--from", `sqlite:${made.dataDir}`], {
      POSTHORN_STORE: database.url,
    });
    await until("it waits to write the queue", async () => {
      const waiting = await database.query<{ query: string }>(
        `SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'
         AND datname = current_database()`,
      );
      return waiting.some(({ query }) => /INSERT INTO queue/.test(query));
    });
    expect(first.output()).toMatch(/messages: 4 of 4/);
    await first.kill();
    await blocker.end();
    await expect(startMoved(made.dataDir, database.url)).rejects.toThrow(/migrate-store again/);
    await expect(startPosthorn({ dataDir: made.dataDir })).rejects.toThrow(/moved to Postgres/);

    const second = await move(made.dataDir, database.url);
    expect(second).toMatchObject({ code: 0, output: expect.stringMatching(/going on where/) });
    const server = await startMoved(made.dataDir, database.url);
    expect(await look(connect(server), ids.parse(made.seen["of"]))).toEqual(made.seen);
    expect(await server.stop()).toBe(0);
    const third = await move(made.dataDir, database.url);
    expect(third).toMatchObject({ code: 0, output: expect.stringMatching(/before/) });
  });

  test("a copy that is not the same is told", async () => {
    const target = await receiver();
    const made = await used(target.url, { waiting: 3 });
    const database = await freshDatabase();
    const store = openDatabase({ url: database.url, connections: 1, name: "test" });
    await migrate(store);
    await store.close();
    await database.query(`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.due := NEW.due + 1; RETURN NEW; END $$;
      CREATE TRIGGER spoil BEFORE INSERT ON queue FOR EACH ROW EXECUTE FUNCTION spoil()`);
    expect(await move(made.dataDir, database.url)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/queue: the copy is not the same \(rows differ\)/),
    });
  });

  test("killed server: what it had under way is noted by the owner on Postgres", async () => {
    const target = await receiver({ answer: () => "handled" });
    const dataDir = newDataDir();
    const server = await startPosthorn({ dataDir, env: patient });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: target.url });
    const load = startLoad(api, app, { name: "k", publishers: 4, limit: 200 });
    await target.received(1);
    await until("all is published", () => load.accepted.size === 200);
    await load.stop();
    await server.kill();
    const database = await freshDatabase();
    expect((await move(dataDir, database.url)).code).toBe(0);
    const [row] = await database.query<{ waiting: number; owned: number }>(
      `SELECT (SELECT count(*)::int4 FROM queue) AS waiting,
       (SELECT count(*)::int4 FROM leases WHERE owner <> '') AS owned`,
    );
    expect(row?.waiting).toBe(200);
    // Not released: whoever takes over knows that the last one crashed.
    expect(row?.owned).toBeGreaterThan(0);
  });
});

describe("migrate-store says what to do", () => {
  test("when the target has something, or is not to be had", async () => {
    const made = await used((await receiver()).url, { waiting: 0 });
    const database = await freshDatabase();
    const other = await startMoved(newDataDir(), database.url);
    expect(await other.stop()).toBe(0);
    expect(await move(made.dataDir, database.url)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/not empty .*CREATE DATABASE/),
    });
    const gone = new URL(database.url);
    gone.pathname = "/nothing_there";
    expect(await move(made.dataDir, gone.href)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/refuses this user, or is not there/),
    });
    // Nothing was begun: the old store goes on.
    const server = await startPosthorn({ dataDir: made.dataDir });
    expect(await server.stop()).toBe(0);
  });

  test("when the source is in use, is none, or has another master key", async () => {
    const database = await freshDatabase();
    const dataDir = newDataDir();
    const server = await startPosthorn({ dataDir });
    expect(await move(dataDir, database.url)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/in use by another process: stop that one/),
    });
    expect(await server.stop()).toBe(0);
    const empty = newDataDir();
    mkdirSync(empty, { recursive: true });
    expect(await move(empty, database.url)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/has no store/),
    });
    await expectKeyChecked(dataDir, database.url);
  });

  test("when it is asked", async () => {
    const shown = await runPosthorn(["migrate-store", "--help"]);
    expect(shown).toMatchObject({
      code: 0,
      output: expect.stringMatching(/goes on where it ended/),
    });
    expect(await runPosthorn(["migrate-store"])).toMatchObject({
      code: 1,
      output: expect.stringMatching(/where to\?/),
    });
    const wrong = await runPosthorn(["migrate-store", "--from", "data", "--to", "postgres://h/d"]);
    expect(wrong).toMatchObject({ code: 1, output: expect.stringMatching(/sqlite:FOLDER/) });
  });

  async function expectKeyChecked(dataDir: string, url: string): Promise<void> {
    const wrong = await move(dataDir, url, { POSTHORN_MASTER_KEY: "ab".repeat(32) });
    expect(wrong).toMatchObject({ code: 1, output: expect.stringMatching(/not the one/) });
  }
});

test("a source that was used between two calls is not mixed with what was copied before", async () => {
  const database = await freshDatabase();
  const from = { name: "abcdef", partitions: 64, idsUntil: 1, keyCheck: undefined, days: [] };
  const target = await openMovingTarget(database.url);
  expect(await target.begin({ ...from, stamp: "1 1" })).toBe("new");
  expect(await target.begin({ ...from, stamp: "1 1" })).toBe("resumed");
  await expect(target.begin({ ...from, stamp: "2 1" })).rejects.toThrow(/was used since/);
  await target.finish();
  expect(await target.begin({ ...from, stamp: "2 1" })).toBe("done");
  await target.close();
});

test("every table of the embedded store has its place in Postgres", async () => {
  const dataDir = newDataDir();
  const server = await startPosthorn({ dataDir });
  expect(await server.stop()).toBe(0);
  const sqlite = new DatabaseSync(join(dataDir, "posthorn.sqlite"), { readOnly: true });
  const rows = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  sqlite.close();
  const names = rows.map(({ name }) => String(name)).filter((name) => !name.startsWith("sqlite_"));
  const known = new Set([...Object.keys(movedTables), "installation"]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(15);
});

test("every column of a moved table is written", async () => {
  const database = await freshDatabase();
  const store = openDatabase({ url: database.url, connections: 1, name: "test" });
  await migrate(store);
  await store.close();
  const rows = await database.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND column_default IS NULL
     -- Of owners, and the embedded store's is no worker of this one.
     AND (table_name, column_name) <> ('leases', 'taken_at')`,
  );
  const tables = new Map(
    Object.entries(movedTables).map(([name, columns]) => [name, Object.keys(columns)]),
  );
  const missing = rows.filter(({ column, table }) => tables.get(table)?.includes(column) === false);
  expect(missing).toEqual([]);
});
