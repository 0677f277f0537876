import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FeedItem } from "../../src/ports/dispatch-store.ts";
import type { Change } from "../../src/ports/store.ts";
import { Maker, person, settle } from "../conformance/fixtures.ts";
import { until } from "../kit/until.ts";
import { newDatabase, openOn, type TestDatabase } from "./open.ts";

let database: TestDatabase;
let publisher: Awaited<ReturnType<typeof openOn>>;
let owner: Awaited<ReturnType<typeof openOn>>;
let maker: Maker;
let home: Awaited<ReturnType<typeof settle>>;
let feed: FeedItem[];
let changes: Change[];
beforeEach(async () => {
  database = await newDatabase();
  [publisher, owner] = [await openOn(database.url), await openOn(database.url)];
  maker = new Maker();
  feed = [];
  changes = [];
  owner.dispatch.listen((items) => feed.push(...items));
  owner.store.onChange((change) => changes.push(change));
  home = await settle(publisher.store, maker);
  await owner.dispatch.takeOver("worker-1");
});
afterEach(async () => {
  await publisher.close();
  await owner.close();
  await database.drop();
});

const publish = () => publisher.store.publish(maker.publication(home.application, [home.endpoint]));
const pause = () =>
  publisher.store.updateEndpoint(home.endpoint, {
    config: { paused: true },
    by: person,
    at: maker.time,
    eventId: maker.ids.next("endpointEvent"),
  });
const woken = () => feed.some((item) => item.kind === "waiting");

describe("two processes on one database", () => {
  test("what one publishes wakes the other, sooner than it would look by itself", async () => {
    const waits: number[] = [];
    for (let n = 0; n < 15; n += 1) {
      feed.splice(0);
      const before = performance.now();
      await publish();
      await until("the owner is woken", woken);
      waits.push(performance.now() - before);
    }
    // It looks by itself once a second: half of that would be the median.
    expect(waits.toSorted((a, b) => a - b)[7]).toBeLessThan(250);
  });

  test("what one changes reaches the other's caches and its owner", async () => {
    await until("what was made is heard", () => changes.length >= 2);
    changes.splice(0);
    await pause();
    await until("the change is heard", () => changes.length > 0);
    expect(changes).toEqual([{ kind: "application", application: home.application }]);
    await until("the target is told", () =>
      feed.some(
        (item) => item.kind === "changed" && item.targets.some(({ gate }) => gate === "paused"),
      ),
    );
  });

  test("who was cut off takes everything for changed, and hears again", async () => {
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'posthorn bulletins' AND datname = current_database()`,
    );
    await until("it is back", () => changes.some(({ kind }) => kind === "everything"));
    await until("its owner is told", () => feed.some(({ kind }) => kind === "changes-missed"));
    feed.splice(0);
    await until("the target is told", async () => {
      await pause();
      return feed.some((item) => item.kind === "changed");
    });
  });

  test("what nobody told of is found all the same", async () => {
    await publish();
    await database.query("UPDATE queue SET due = 1");
    await until("the owner has looked", () =>
      feed.some((item) => item.kind === "waiting" && item.lanes.some(({ due }) => due === 1)),
    );
  });
});
