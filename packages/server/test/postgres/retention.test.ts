import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase, type Database } from "../../src/adapters/postgres/database.ts";
import { Days } from "../../src/adapters/postgres/days.ts";
import { dayOf } from "../../src/adapters/sql/day.ts";
import { Places } from "../../src/adapters/postgres/places.ts";
import { Sweep } from "../../src/adapters/postgres/sweep.ts";
import { batch, dayMs, due, Maker, only, present, settle } from "../conformance/fixtures.ts";
import { newDatabase, openOn, type TestDatabase } from "./open.ts";

let database: TestDatabase;
let opened: Awaited<ReturnType<typeof openOn>>;
let beside: Database;
let maker: Maker;
beforeEach(async () => {
  database = await newDatabase();
  opened = await openOn(database.url);
  beside = openDatabase({ url: database.url, connections: 2, name: "test" });
  maker = new Maker();
});
afterEach(async () => {
  await beside.close();
  await opened.close();
  await database.drop();
});

async function days(): Promise<readonly number[]> {
  const rows = await database.query<{ day: number }>(
    `SELECT substring(relname FROM 11)::int AS day FROM pg_class
     WHERE relname ~ '^messages_d[0-9]+$' AND relkind = 'r' ORDER BY 1`,
  );
  return rows.map(({ day }) => day);
}

async function sweepAt(now: number): Promise<void> {
  const { partitions } = await opened.store.installation();
  const parts = { database: beside, days: new Days(beside), places: new Places(partitions) };
  await new Sweep(parts).step(now);
}

describe("retention", () => {
  test("drops a day whole when it is over, and keeps what is to be kept longer", async () => {
    const { dispatch, store } = opened;
    const home = await settle(store, maker);
    const { epoch } = await dispatch.takeOver("worker-1");
    const short = { retainUntil: maker.time + 2 * dayMs, eventId: "short" };
    const publication = maker.publication(home.application, [home.endpoint], short);
    await store.publish({ ...publication, remember: maker.remember() });
    const kept = maker.publication(home.application, []);
    await store.publish(kept);
    const queued = only(await due(dispatch, home.endpoint, maker.time));
    const attempt = maker.attempt(queued);
    const settlements = [{ kind: "end", attempt, reason: "delivered" }] as const;
    await dispatch.record(batch(epoch, { settlements }));
    const shortDay = dayOf(short.retainUntil);
    expect(await days()).toContain(shortDay);

    await sweepAt(short.retainUntil);
    expect(await store.findAttempt(queued.message, attempt.id)).toEqual(attempt);
    await sweepAt((shortDay + 1) * dayMs);
    expect(await days()).not.toContain(shortDay);
    const find = (id: typeof queued.message) =>
      store.findMessage(home.application, { kind: "id", id });
    expect(await find(queued.message)).toBeUndefined();
    expect(await store.findAttempt(queued.message, attempt.id)).toBeUndefined();
    expect(await find(kept.message.id)).toBeDefined();
    const counts = await database.query(
      `SELECT (SELECT count(*)::int FROM event_ids) AS event_ids,
       (SELECT count(*)::int FROM idempotency) AS idempotency`,
    );
    expect(counts).toEqual([{ event_ids: 0, idempotency: 0 }]);
  });

  test("lets what still waits expire first, and drops the day once its owner has ended it", async () => {
    const { dispatch, store } = opened;
    const home = await settle(store, maker);
    const { epoch } = await dispatch.takeOver("worker-1");
    const retainUntil = maker.time + dayMs;
    await store.publish(maker.publication(home.application, [home.endpoint], { retainUntil }));
    const over = (dayOf(retainUntil) + 1) * dayMs;
    await sweepAt(over);
    expect(await days()).toContain(dayOf(retainUntil));
    const expired = only(await dispatch.expired(over, 10));
    const discard = {
      kind: "discard",
      delivery: expired.id,
      endpoint: expired.endpoint,
      reason: "expired",
      at: over,
    } as const;
    await dispatch.record(batch(epoch, { settlements: [discard] }));
    await sweepAt(over);
    expect(await days()).not.toContain(dayOf(retainUntil));
  });

  test("a day that another process dropped is made again when a message asks for it", async () => {
    const { store } = opened;
    const home = await settle(store, maker);
    const { message } = maker.publication(home.application, []);
    await store.publish({ message, deliveries: [] });
    const day = dayOf(message.retainUntil);
    for (const table of ["messages", "deliveries", "attempts"]) {
      await database.query(`DROP TABLE ${table}_d${day}`);
    }
    const again = maker.publication(home.application, [home.endpoint]);
    expect(await store.publish(again)).toEqual({ kind: "published" });
    const ref = { kind: "id", id: again.message.id } as const;
    expect(present(await store.findMessage(home.application, ref)).id).toBe(again.message.id);
  });
});
