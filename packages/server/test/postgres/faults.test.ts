import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSystemClock } from "../../src/adapters/clock.ts";
import { openDatabase, statement, type Sql } from "../../src/adapters/postgres/database.ts";
import { openPostgresStore } from "../../src/adapters/postgres/open-postgres-store.ts";
import { StoreUnavailable } from "../../src/ports/store-errors.ts";
import { Maker, only, person, settle } from "../conformance/fixtures.ts";
import { until } from "../kit/until.ts";
import { newDatabase, openOn, type TestDatabase } from "./open.ts";

const add = statement("test-add", "UPDATE things SET n = n + 1 WHERE id = $1");
const read = statement<{ total: number }>("test-read", "SELECT sum(n)::int8 AS total FROM things");

let database: TestDatabase;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(() => database.drop());

describe("transactions that lose against each other", () => {
  async function bothAt(run: (sql: Sql, mine: number, theirs: number) => Promise<unknown>) {
    await database.query("CREATE TABLE things (id int PRIMARY KEY, n int8)");
    await database.query("INSERT INTO things VALUES (1, 0), (2, 0)");
    const store = openDatabase({ url: database.url, connections: 2, name: "test" });
    let tries = 0;
    // The first tries meet in the middle; later ones go on alone.
    let arrived = 0;
    const { promise: bothArrived, resolve } = Promise.withResolvers<void>();
    const meet = async () => {
      arrived += 1;
      if (arrived === 2) resolve();
      await bothArrived;
    };
    const one = (mine: number, theirs: number) =>
      store.transact(async (sql) => {
        tries += 1;
        await run(
          { ...sql, exec: (text) => (text === "meet" ? meet() : sql.exec(text)) },
          mine,
          theirs,
        );
      });
    await Promise.all([one(1, 2), one(2, 1)]);
    const total = (await store.get(read))?.total;
    await store.close();
    return { total, tries };
  }

  test("by a deadlock begin again", async () => {
    const { total, tries } = await bothAt(async (sql, mine, theirs) => {
      await sql.run(add, mine);
      await sql.exec("meet");
      await sql.run(add, theirs);
    });
    expect(total).toBe(4);
    expect(tries).toBeGreaterThan(2);
  });

  test("by serialization begin again", async () => {
    const { total, tries } = await bothAt(async (sql, mine) => {
      await sql.exec("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
      await sql.get(read);
      await sql.exec("meet");
      await sql.run(add, mine);
    });
    expect(total).toBe(2);
    expect(tries).toBeGreaterThan(2);
  });
});

describe("a start", () => {
  test("beside another one on an empty database migrates once, and both have one store", async () => {
    const open = () => openPostgresStore({ url: database.url, now: createSystemClock().now });
    const stores = await Promise.all([open(), open(), open()]);
    const names = await Promise.all(stores.map(async (store) => (await store.installation()).name));
    expect(new Set(names).size).toBe(1);
    expect(await database.query("SELECT version::int FROM schema_versions ORDER BY 1")).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
    ]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("on the schema of a newer program is refused", async () => {
    await (await openPostgresStore({ url: database.url, now: Date.now })).close();
    await database.query("INSERT INTO schema_versions (version) VALUES (99)");
    await expect(openPostgresStore({ url: database.url, now: Date.now })).rejects.toThrow(
      /newer version of Posthorn/,
    );
  });

  test("with a wrong password, or where nothing listens, says what to look at and no secret", async () => {
    const wrong = new URL(database.url);
    wrong.password = "a-wrong-secret";
    const nowhere = new URL(database.url);
    nowhere.port = "1";
    const failures = await Promise.all(
      [wrong, nowhere].map((url) =>
        openPostgresStore({ url: url.href, now: Date.now }).catch((error: unknown) => error),
      ),
    );
    for (const failure of failures) {
      if (!(failure instanceof Error)) throw new Error("an error expected");
      expect(String(failure.stack) + JSON.stringify(failure)).not.toMatch(/secret/);
    }
    expect(failures[0]).toMatchObject({ message: expect.stringMatching(/POSTHORN_STORE/) });
    expect(failures[1]).toMatchObject({ fault: "unreachable" });
  });
});

/** Ends the store's connections again and again, until it is told to stop. */
function cutConnections(everyMs: number) {
  let cutting = true;
  let times = 0;
  const cut = (async () => {
    while (cutting) {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'posthorn' AND datname = current_database()`,
      );
      times += 1;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return {
    times: () => times,
    stop: () => {
      cutting = false;
      return cut;
    },
  };
}

test("a change in doubt reaches the owner as it is in the database", async () => {
  const opened = await openOn(database.url);
  const { dispatch, store } = opened;
  const maker = new Maker();
  const home = await settle(store, maker);
  await dispatch.takeOver("worker-1");
  let gate: string | undefined;
  dispatch.listen((items) => {
    for (const item of items) if (item.kind === "changed") gate = item.targets.at(-1)?.gate;
  });
  const change = (paused: boolean) =>
    store.updateEndpoint(home.endpoint, {
      config: { paused },
      by: person,
      at: maker.time,
      eventId: maker.ids.next("endpointEvent"),
    });
  const cuts = cutConnections(5);
  const failures: unknown[] = [];
  for (let n = 0; n < 60 || failures.length === 0; n += 1) {
    await change(n % 2 === 0).catch((error: unknown) => failures.push(error));
  }
  await cuts.stop();
  expect(failures.filter((error) => !(error instanceof StoreUnavailable))).toEqual([]);
  await until("the owner has it as it is", async () => {
    const target = only(await dispatch.targets([home.endpoint]));
    return gate === target.gate;
  });
  await opened.close();
});

test("connections that are cut come back, and a publish in doubt is answered as it was", async () => {
  const opened = await openOn(database.url);
  const { store } = opened;
  const maker = new Maker();
  const home = await settle(store, maker);
  const cuts = cutConnections(50);
  const published: number[] = [];
  const failed: unknown[] = [];
  while (cuts.times() < 20 || published.length < 200) {
    const group = Array.from({ length: 10 }, () =>
      maker.publication(home.application, [home.endpoint], {
        eventId: `e${maker.ids.next("message")}`,
      }),
    );
    await Promise.all(
      group.map((publication) =>
        store.publish(publication).then(
          (result) => {
            expect(result).toEqual({ kind: "published" });
            published.push(publication.message.id);
          },
          (error: unknown) => failed.push(error),
        ),
      ),
    );
  }
  await cuts.stop();
  expect(failed.filter((error) => !(error instanceof StoreUnavailable))).toEqual([]);
  const rows = await database.query<{ id: string }>("SELECT id FROM messages");
  const stored = new Set(rows.map(({ id }) => Number(id)));
  expect(published.filter((id) => !stored.has(id))).toEqual([]);
  const last = maker.publication(home.application, [home.endpoint]);
  expect(await store.publish(last)).toEqual({ kind: "published" });
  await opened.close();
});
