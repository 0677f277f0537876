import { describe, expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";
import { createFakeSharing } from "../../test/kit/fake-sharing.ts";
import type { Behaviour } from "../../test/kit/fake-sender.ts";

const second = 1000;
const hang: Behaviour = { kind: "hang" };
const ok: Behaviour = { kind: "answer", status: 200 };

function createShared(behave: (url: string) => Behaviour = () => ok) {
  const sharing = createFakeSharing();
  const bench = createBench({ sharing, behave: ({ url }) => behave(url) });
  return { ...bench, bench, sharing };
}

describe("a partition", () => {
  test("that is to be left is handed over once nothing is under way in it, and nothing is begun", async () => {
    const { bench, clock, sender, sharing, store } = createShared(() => ({
      ...ok,
      afterMs: second,
    }));
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop", { partition: 3 });
    bench.publish(shop);
    await clock.advance(100);
    sharing.tell({ kind: "leave", partitions: [3] });
    bench.publish(shop);
    await clock.advance(500);
    expect(sharing.given).toEqual([]);
    await clock.advance(second);
    expect(sharing.given).toEqual([{ partitions: [3], inOrder: true }]);
    expect(sender.sent).toHaveLength(1);
    expect(store.attempts).toHaveLength(1);
    expect(store.waiting()).toHaveLength(1);
    expect(bench.dispatcher.figures()).toMatchObject({ lanes: 0, heldRows: 0, heldBytes: 0 });
  });

  test("in which an endpoint hangs holds up no other, and is cut short in the end", async () => {
    const { bench, clock, sharing, store } = createShared((url) =>
      url === "http://hangs/" ? hang : ok,
    );
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("hangs", { partition: 1 }));
    bench.publish(bench.endpoint("shop", { partition: 2 }));
    await clock.advance(100);
    sharing.tell({ kind: "leave", partitions: [1, 2] });
    await clock.advance(second);
    expect(sharing.given).toEqual([{ partitions: [2], inOrder: true }]);
    await clock.advance(10 * second);
    expect(sharing.given).toHaveLength(2);
    expect(store.attempts.at(-1)).toMatchObject({ outcome: "unknown" });
    expect(store.waiting()).toHaveLength(1);
  });

  test("that is left writes what its lanes know, for whoever has it next", async () => {
    const { bench, clock, sharing, store } = createShared(() => ({ kind: "answer", status: 500 }));
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop", { partition: 3 });
    bench.publish(shop, 20);
    await clock.advance(300);
    sharing.tell({ kind: "leave", partitions: [3] });
    await clock.advance(100);
    expect(sharing.given).toHaveLength(1);
    expect(store.lanes.get(shop.endpoint)).toMatchObject({ sending: [], breaker: "open" });
    const { length } = store.attempts;
    await clock.advance(60 * second);
    expect(store.attempts).toHaveLength(length);
  });

  test("that is lost is left at once: what comes late changes nothing", async () => {
    const { bench, clock, sender, sharing, store } = createShared(() => ({
      ...ok,
      afterMs: second,
    }));
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop", { partition: 3 });
    const other = bench.endpoint("other", { partition: 4 });
    bench.publish(shop);
    bench.publish(other);
    await clock.advance(100);
    sharing.tell({ kind: "lost", partitions: [3] });
    bench.publish(shop);
    await clock.advance(10 * second);
    expect(sender.sentTo("http://shop/")).toHaveLength(1);
    expect(store.attempts.map(({ endpoint }) => endpoint)).toEqual([other.endpoint]);
    expect(store.waiting()).toHaveLength(2);
    expect(sharing.given).toEqual([]);
    expect(bench.fatal).toEqual([]);
  });

  test("that is gained is read, and again after it was lost", async () => {
    const { bench, clock, sender, sharing, store } = createShared();
    await bench.dispatcher.start();
    sharing.tell({ kind: "lost", partitions: [3] });
    const shop = bench.endpoint("shop", { partition: 3 });
    for (let times = 1; times <= 2; times += 1) {
      const delivery = bench.delivery(shop);
      store.put([delivery]);
      await clock.advance(5 * second);
      expect(sender.sent).toHaveLength(times - 1);
      const { endpoint } = shop;
      const lanes = [{ endpoint, due: delivery.due }];
      const takeover = { partitions: [3], epoch: 1, lanes, records: [], afterCrash: times > 1 };
      sharing.tell({ kind: "gained", takeover });
      await clock.advance(100);
      expect(sender.sent).toHaveLength(times);
      sharing.tell({ kind: "lost", partitions: [3] });
    }
    expect(store.waiting()).toEqual([]);
  });

  test("of which nobody is sure that this worker has it gets nothing until it is", async () => {
    const { bench, clock, sender, sharing } = createShared();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    sharing.sure = false;
    bench.publish(shop, 3);
    await clock.advance(5 * second);
    expect(sender.sent).toEqual([]);
    sharing.sure = true;
    sharing.tell({ kind: "renewed" });
    await clock.advance(100);
    expect(sender.sent).toHaveLength(3);
  });

  test("that cannot be handed over stays closed, and is tried again", async () => {
    const { bench, clock, sender, sharing } = createShared();
    await bench.dispatcher.start();
    sharing.away = true;
    sharing.tell({ kind: "leave", partitions: [3] });
    bench.publish(bench.endpoint("shop", { partition: 3 }));
    await clock.advance(2 * second);
    expect([sharing.given.length, sender.sent.length]).toEqual([0, 0]);
    sharing.away = false;
    await clock.advance(second);
    expect(sharing.given).toHaveLength(1);
    expect(bench.fatal).toEqual([]);
  });
});

describe("a worker that stops", () => {
  test("retires first, and hands each partition over as soon as it is at rest", async () => {
    const { bench, clock, sharing } = createShared((url) => (url === "http://hangs/" ? hang : ok));
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("hangs", { partition: 1 }));
    await clock.advance(100);
    let stopped = false;
    const stop = bench.dispatcher.stop().then(() => (stopped = true));
    await clock.advance(100);
    expect(sharing.retired).toBe(true);
    expect(sharing.given.flatMap(({ partitions }) => partitions)).toHaveLength(63);
    expect(stopped).toBe(false);
    await clock.advance(10 * second);
    await stop;
    expect(sharing.given.flatMap(({ partitions }) => partitions)).toHaveLength(64);
    expect(bench.store.attempts).toHaveLength(1);
  });

  test("says so where a delivery may have had an attempt before a crash", async () => {
    const { bench, clock, sharing, store } = createShared(() => ({ kind: "answer", status: 500 }));
    const [shop, other] = [
      bench.endpoint("shop", { partition: 1 }),
      bench.endpoint("other", { partition: 2 }),
    ];
    await bench.dispatcher.start();
    await clock.advance(100);
    // Both have waited since before the crash, and one has to wait on for its rate.
    store.setTarget({ ...other, throttleRate: 1 });
    const waiting = [bench.delivery(shop), bench.delivery(other)];
    store.put(waiting);
    const lanes = waiting.map(({ due, endpoint }) => ({ endpoint, due: due - 1 }));
    const takeover = { partitions: [1, 2], epoch: 1, lanes, records: [], afterCrash: true };
    await clock.advance(100);
    sharing.tell({ kind: "gained", takeover });
    await clock.advance(100);
    const stop = bench.dispatcher.stop();
    await clock.advance(500);
    await stop;
    const doubtful = sharing.given.filter(({ inOrder }) => !inOrder);
    expect(doubtful.map(({ partitions }) => partitions)).toEqual([[2]]);
  });
});
