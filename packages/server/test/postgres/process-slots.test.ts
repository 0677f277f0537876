import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSystemClock } from "../../src/adapters/clock.ts";
import { openPostgresStore } from "../../src/adapters/postgres/open-postgres-store.ts";
import { createIdSource, firstIdAt } from "../../src/domain/ids.ts";
import { batch, due, Maker, only, settle, t0 } from "../conformance/fixtures.ts";
import { newMigratedDatabase } from "../kit/test-database.ts";
import { until } from "../kit/until.ts";
import { openOn, type TestDatabase } from "./open.ts";

const now = createSystemClock().now;

let database: TestDatabase;
const closes: (() => Promise<void>)[] = [];
beforeEach(async () => {
  database = await newMigratedDatabase();
});
afterEach(async () => {
  await Promise.all(closes.splice(0).map((close) => close()));
  await database.drop();
});

async function open(onFatal: (error: Error) => void = () => undefined) {
  const store = await openPostgresStore({ url: database.url, now, onFatal });
  closes.push(() => store.close());
  return store;
}

const slots = () =>
  database.query<{ slot: number; id: string; ids_until: string }>(
    "SELECT slot, id, ids_until FROM processes ORDER BY slot",
  );

/** As processes that were last heard of so long ago, each a second after the one before. */
const occupy = (from: number, to: number, ago: string) =>
  database.query(
    `INSERT INTO processes (slot, id, name, version, roles, started_at, renewed_at, ids_until)
     SELECT each, 'other', 'other', '1', 'api', now(),
       now() - interval '${ago}' + each * interval '1 s', ${firstIdAt(t0)} + each
     FROM generate_series(${from}, ${to}) AS each`,
  );

describe("a process's place in the database", () => {
  test("is its own: ids of processes that start at once never meet", async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open()));
    const installations = await Promise.all(stores.map((store) => store.installation()));
    // A clock that stands still for all of them: only the node tells their ids apart.
    const sources = installations.flatMap(({ idNode, lastId }) =>
      [idNode, idNode + 1].map((node) => createIdSource(() => t0, lastId, node)),
    );
    const ids = sources.flatMap((source) =>
      Array.from({ length: 200 }, () => source.next("message")),
    );
    expect(new Set(ids).size).toBe(ids.length);
    // The first two nodes are those of the version before, and of the embedded store.
    expect(Math.min(...installations.map(({ idNode }) => idNode))).toBe(2);
  });

  test("was never used before, if there is one, or else is that unused for longest", async () => {
    for (const slot of [1, 2, 3]) {
      const store = await open();
      expect(store.slot.slot).toBe(slot);
      await store.close();
    }
    await occupy(4, 31, "1 hour");
    // Released just now, the first one first; 4 to 31 were left without a word long ago.
    expect((await open()).slot.slot).toBe(4);
    await database.query("UPDATE processes SET renewed_at = now() WHERE slot > 4");
    expect((await open()).slot.slot).toBe(1);
  });

  test("goes to another process when this one is silent, which starts after its ids", async () => {
    await occupy(1, 31, "20 s");
    await expect(open()).rejects.toThrow(/31 processes use this database.*free after 30 s/);
    await database.query(
      "UPDATE processes SET renewed_at = now() - interval '31 s' WHERE slot = 9",
    );
    const store = await open();
    const { idNode, lastId } = await store.installation();
    expect(idNode).toBe(18);
    expect(lastId).toBe(firstIdAt(t0) + 9);
  });

  test("is free again at once when the store is closed in order", async () => {
    const store = await open();
    expect(only(await slots()).id).toBe(store.slot.id);
    await store.close();
    expect(only(await slots()).id).toBe("");
  });

  test("keeps what its ids reach ahead, also for processes of the version before", async () => {
    const store = await open();
    const maker = new Maker();
    const { application, endpoint } = await settle(store, maker);
    const { message, ...rest } = maker.publication(application, [endpoint]);
    await store.publish({ message, ...rest });
    const { ids_until } = only(await slots());
    expect(Number(ids_until)).toBeGreaterThan(message.id);
    const installation = await database.query<{ ids_until: string }>(
      "SELECT ids_until FROM installation",
    );
    expect(only(installation).ids_until).toBe(ids_until);
  });
});

describe("a process whose place another one took", () => {
  test("hears of it, and writes no id beyond those that were kept for it", async () => {
    const fatal: string[] = [];
    const store = await open((error) => fatal.push(error.message));
    const maker = new Maker();
    const { application } = await settle(store, maker);
    await database.query("UPDATE processes SET id = 'another'");
    // These were reserved before, so the other one's come after them.
    await store.publish(maker.publication(application, []));
    maker.time += 10_000;
    const publish = store.publish(maker.publication(application, []));
    await expect(publish).rejects.toThrow(/another one has its place in the database/);
    await until("it hears of it", () => fatal.length > 0);
    expect(fatal).toEqual([expect.stringMatching(/must be started again$/)]);
    await store.close();
    expect(only(await slots()).id).toBe("another");
  });

  test("records no attempt with such an id", async () => {
    const opened = await openOn(database.url);
    closes.push(() => opened.close());
    const { store, dispatch } = opened;
    const maker = new Maker();
    const { application, endpoint } = await settle(store, maker);
    await store.publish(maker.publication(application, [endpoint]));
    const { epoch } = await dispatch.takeOver("worker-1");
    const queued = only(await due(dispatch, endpoint, maker.time));
    await database.query("UPDATE processes SET id = 'another'");
    maker.time += 10_000;
    const settlements = [
      { kind: "end", attempt: maker.attempt(queued), reason: "delivered" },
    ] as const;
    const recording = dispatch.record(batch(epoch, { settlements }));
    await expect(recording).rejects.toThrow(/another one has its place in the database/);
    expect(await due(dispatch, endpoint, maker.time)).toHaveLength(1);
  });
});
