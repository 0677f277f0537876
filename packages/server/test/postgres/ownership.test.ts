import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSystemClock } from "../../src/adapters/clock.ts";
import { connectDispatchStore } from "../../src/adapters/postgres/connect-dispatch-store.ts";
import {
  openPostgresStore,
  type PostgresStore,
} from "../../src/adapters/postgres/open-postgres-store.ts";
import { batch, due, Maker, only, settle } from "../conformance/fixtures.ts";
import { until } from "../kit/until.ts";
import { newDatabase, type TestDatabase } from "./open.ts";

let database: TestDatabase;
let store: PostgresStore;
const ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  database = await newDatabase();
  store = await openPostgresStore({ url: database.url, now: createSystemClock().now });
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await store.close();
  await database.drop();
});

async function worker(leaseMs: number) {
  const events: string[] = [];
  const link = await connectDispatchStore(store.dispatchPort(), database.url, {
    slot: store.slot,
    leaseMs,
    onWait: (owner) => events.push(`waits for ${owner}`),
    onLost: () => events.push("lost"),
  });
  ends.push(() => link.disconnect());
  return { link, events };
}

const cut = (name: string) =>
  database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity 
     WHERE application_name = '${name}' AND datname = current_database()`,
  );

describe("the partitions", () => {
  test("stay with an owner that renews its lease, until it releases them", async () => {
    const [first, second] = [await worker(500), await worker(500)];
    const { epoch } = await first.link.takeOver("first");
    const taken = second.link.takeOver("second");
    await until("the second one waits", () => second.events.length > 0);
    expect(second.events).toEqual(["waits for first"]);
    const before = performance.now();
    await until("three leases are over", () => performance.now() - before > 1500);
    await first.link.release(epoch);
    expect(await taken).toMatchObject({ epoch: epoch + 1, afterCrash: false });
  });

  test("stay with an owner whose connection was cut for a moment", async () => {
    const [first, second] = [await worker(60_000), await worker(60_000)];
    const { epoch } = await first.link.takeOver("first");
    const taken = second.link.takeOver("second");
    await until("the second one waits", () => second.events.length > 0);
    await cut("posthorn lease");
    const before = performance.now();
    await until("a while is over", () => performance.now() - before > 4500);
    expect(first.events).toEqual([]);
    await first.link.release(epoch);
    expect(await taken).toMatchObject({ epoch: epoch + 1 });
  });

  test("go to another worker when the owner is silent for its lease; its late outcomes change nothing", async () => {
    const [first, second] = [await worker(60_000), await worker(500)];
    const maker = new Maker();
    const home = await settle(store, maker);
    const { epoch } = await first.link.takeOver("first");
    await store.publish(maker.publication(home.application, [home.endpoint]));
    const queued = only(await due(first.link, home.endpoint, maker.time));
    // As if it had been stopped for an hour.
    await database.query("UPDATE workers SET renewed_at = now() - interval '1 hour'");
    expect(await second.link.takeOver("second")).toMatchObject({ epoch: epoch + 1 });
    const attempt = maker.attempt(queued);
    const settlements = [{ kind: "end", attempt, reason: "delivered" }] as const;
    expect(await first.link.record(batch(epoch, { settlements }))).toBe("lease-lost");
    expect(await due(second.link, home.endpoint, maker.time)).toHaveLength(1);
    await until("the first one knows", () => first.events.includes("lost"));
  });
});
