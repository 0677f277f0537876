import { describe, expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";
import type { Bench } from "../../test/kit/dispatch-bench.ts";
import type { Behaviour } from "../../test/kit/fake-sender.ts";
import { defaultDispatchSettings } from "./settings.ts";

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

const ok: Behaviour = { kind: "answer", status: 200 };
const broken: Behaviour = { kind: "answer", status: 500 };

function kinds(bench: Bench): readonly string[] {
  return bench.store.events.map((event) => event.kind);
}

describe("a rate", () => {
  test("of 1 starts exactly one attempt a second", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    await bench.clock.advance(2 * second);
    bench.publish(bench.endpoint("shop", { throttleRate: 1 }), 50);
    await bench.clock.advance(49_500);
    const starts = bench.sender.sent.map((request) => request.at);
    expect(starts).toHaveLength(50);
    expect(starts.slice(1).every((at, i) => at - (starts[i] ?? 0) === second)).toBe(true);
  });

  test("holds over all endpoints of an application together, and shares fairly", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    await bench.clock.advance(2 * second);
    const names = ["a", "b", "c", "d"];
    for (const name of names) {
      bench.publish(bench.endpoint(name, { applicationThrottleRate: 4 }), 20);
    }
    await bench.clock.advance(9999);
    expect(bench.sender.sent).toHaveLength(40);
    for (const { at } of bench.sender.sent) {
      const inWindow = bench.sender.sent.filter((r) => r.at >= at && r.at < at + second);
      expect(inWindow.length).toBeLessThanOrEqual(4);
    }
    for (const name of names) {
      expect(bench.sender.sentTo(`http://${name}/`).length).toBeGreaterThanOrEqual(8);
    }
  });

  test("is not exceeded by a restart, and is told in the lane's record", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    await bench.clock.advance(2 * second);
    const shop = bench.endpoint("shop", { throttleRate: 1 });
    bench.publish(shop, 50);
    await bench.clock.advance(5100);
    expect(bench.store.lanes.get(shop.endpoint)?.limitedBy).toBe("rate");
    await bench.dispatcher.stop();
    await bench.restart();
    await bench.clock.advance(5000);
    const starts = bench.sender.sent.map((request) => request.at);
    expect(starts.length).toBeGreaterThanOrEqual(10);
    expect(starts.slice(1).every((at, i) => at - (starts[i] ?? 0) >= second)).toBe(true);
  });
});

describe("a gate", () => {
  test("that is paused holds everything, reads nothing, and drains when it opens", async () => {
    const bench = createBench({ settings: { expirySweepMs: minute } });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop", { gate: "paused" });
    bench.publish(shop, 1000);
    bench.store.commit([bench.delivery(shop)], { carried: false });
    await bench.clock.advance(day);
    expect(bench.sender.sent).toHaveLength(0);
    expect(bench.store.reads).toHaveLength(0);
    expect(bench.dispatcher.figures()).toMatchObject({ heldRows: 0, heldBytes: 0 });
    bench.store.setTarget({ ...shop, gate: "open" });
    await bench.clock.advance(minute);
    expect(bench.store.ended.size).toBe(1001);
    expect(Math.max(...bench.store.attempts.map((a) => a.phases.queueMs))).toBeLessThan(minute);
  });

  test("that closes lets what is under way finish, and sends nothing more", async () => {
    const bench = createBench({ behave: () => ({ ...ok, afterMs: 500 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop, 100);
    await bench.clock.advance(100);
    const before = bench.sender.sent.length;
    bench.store.setTarget({ ...shop, gate: "disabled" });
    await bench.clock.advance(minute);
    expect(bench.sender.sent).toHaveLength(before);
    expect(bench.store.ended.size).toBe(before);
    expect(bench.store.waiting()).toHaveLength(100 - before);
    expect(bench.dispatcher.figures().heldRows).toBe(0);
  });

  test.each(["endpoint-deleted", "application-deleted"] as const)(
    "of %s discards what waits, due or not",
    async (gate) => {
      const bench = createBench();
      await bench.dispatcher.start();
      const shop = bench.endpoint("shop", { gate: "paused" });
      bench.publish(shop, 1200);
      bench.store.commit([bench.delivery(shop, { due: bench.clock.now() + day })]);
      await bench.clock.advance(second);
      bench.store.setTarget({ ...shop, gate });
      await bench.clock.advance(second);
      expect(bench.store.waiting()).toHaveLength(0);
      expect(new Set(bench.store.ended.values())).toEqual(new Set([gate]));
      expect(bench.sender.sent).toHaveLength(0);
      expect(bench.store.batches.every((b) => b.settlements.length <= 500)).toBe(true);
    },
  );

  test("of deleted found at takeover discards, too", async () => {
    const bench = createBench();
    const shop = bench.endpoint("shop", { gate: "endpoint-deleted" });
    const waiting = bench.delivery(shop, { due: bench.clock.now() + day });
    bench.store.put([waiting]);
    await bench.dispatcher.start();
    await bench.clock.advance(second);
    expect([...bench.store.ended.values()]).toEqual(["endpoint-deleted"]);
  });

  test("of deleted ends a delivery whose last attempt fails then", async () => {
    const bench = createBench({ behave: () => ({ ...broken, afterMs: 1000 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const [delivery] = bench.publish(shop);
    await bench.clock.advance(500);
    bench.store.setTarget({ ...shop, gate: "endpoint-deleted" });
    await bench.clock.advance(minute);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("endpoint-deleted");
    expect(bench.store.attempts).toHaveLength(1);
  });
});

describe("a breaker", () => {
  test("opens after trouble with several deliveries, holds, probes, and drains slowly", async () => {
    let works = false;
    const bench = createBench({ behave: () => (works ? { ...ok, afterMs: 100 } : broken) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const made = bench.publish(shop, 40);
    await bench.clock.advance(10 * second);
    expect(kinds(bench)).toEqual(["breaker-slowed", "breaker-opened"]);
    expect(bench.store.lanes.get(shop.endpoint)).toMatchObject({ breaker: "open", opened: 1 });
    const burnt = bench.sender.sent.length;
    expect(burnt).toBeLessThan(40);
    works = true;
    await bench.clock.advance(19 * second);
    expect(bench.sender.sent).toHaveLength(burnt);
    await bench.clock.advance(second + 50);
    // One probe, and nothing beside it until it is answered.
    expect(bench.sender.sent).toHaveLength(burnt + 1);
    await bench.clock.advance(100);
    expect(bench.sender.underWay()).toBe(1);
    await bench.clock.advance(100);
    expect(bench.sender.underWay()).toBe(2);
    await bench.clock.advance(10 * minute);
    expect(made.every((d) => bench.store.ended.get(d.id) === "delivered")).toBe(true);
    expect(kinds(bench).slice(2)).toEqual(["breaker-probing", "breaker-closed"]);
    expect(bench.store.attempts.filter((a) => a.trigger === "probe")).toHaveLength(1);
    expect(bench.store.lanes.size).toBe(0);
  });

  test("stays open longer each time, ten minutes at most", async () => {
    const bench = createBench({ behave: () => broken });
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"), 200);
    await bench.clock.advance(2 * 60 * minute);
    const opened = bench.store.events
      .filter((event) => event.kind === "breaker-opened")
      .map((event) => Number(event.figures["openForMs"]) / second);
    expect(opened.slice(0, 8)).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  });

  test("lets a delivery that a person asks for through as the probe", async () => {
    let works = false;
    const bench = createBench({ behave: () => (works ? ok : broken) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop, 40);
    await bench.clock.advance(10 * second);
    works = true;
    const byHand = bench.delivery(shop, { rule: "manual" });
    bench.store.commit([byHand]);
    await bench.clock.advance(50);
    expect(bench.store.ended.get(byHand.id)).toBe("delivered");
    expect(bench.store.attempts.find((a) => a.delivery === byHand.id)?.trigger).toBe("manual");
    expect(kinds(bench).at(-1)).toBe("breaker-closed");
  });

  test("survives a restart", async () => {
    const bench = createBench({ behave: () => broken });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop, 40);
    await bench.clock.advance(10 * second);
    await bench.dispatcher.stop();
    const before = bench.sender.sent.length;
    await bench.restart();
    await bench.clock.advance(15 * second);
    expect(bench.sender.sent).toHaveLength(before);
    await bench.clock.advance(10 * second);
    expect(bench.sender.sent).toHaveLength(before + 1);
  });

  test("does not mind answers that refuse messages", async () => {
    const bench = createBench({ behave: () => ({ kind: "answer", status: 422 }) });
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"), 100);
    await bench.clock.advance(2 * second);
    expect(bench.sender.sent).toHaveLength(100);
    expect(kinds(bench)).toEqual([]);
  });
});

describe("an endpoint that fails for long", () => {
  test("is warned about, then disabled, and probed first when it is enabled again", async () => {
    let works = false;
    const bench = createBench({
      behave: () => (works ? { ...ok, afterMs: 200 } : broken),
      settings: { expirySweepMs: minute },
    });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    for (let hours = 0; hours < 6 * 24; hours += 6) {
      bench.publish(shop);
      await bench.clock.advance(6 * 60 * minute);
    }
    expect(kinds(bench).filter((kind) => kind === "warned")).toHaveLength(1);
    expect(bench.store.disables).toMatchObject([{ rule: "failing-too-long" }]);
    const held = bench.store.waiting().length;
    const before = bench.sender.sent.length;
    await bench.clock.advance(day);
    expect(bench.sender.sent).toHaveLength(before);
    expect(bench.store.waiting()).toHaveLength(held);
    expect(held).toBeGreaterThan(3);
    works = true;
    bench.store.setTarget({ ...shop, version: 2, gate: "open" });
    await bench.clock.advance(100);
    expect(bench.sender.sent).toHaveLength(before + 1);
    await bench.clock.advance(minute);
    expect(bench.store.waiting()).toHaveLength(0);
    expect(bench.store.lanes.size).toBe(0);
  });
});

describe("concurrency", () => {
  test("starts at ten, grows while answers are fast, and never passes its cap", async () => {
    const bench = createBench({ behave: () => ({ ...ok, afterMs: 100 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop);
    await bench.clock.advance(second);
    bench.publish(shop, 3000);
    await bench.clock.advance(50);
    expect(bench.sender.underWay()).toBe(10);
    await bench.clock.advance(minute);
    expect(bench.sender.mostUnderWay("http://shop/")).toBeGreaterThan(40);
    expect(bench.sender.mostUnderWay("http://shop/")).toBeLessThanOrEqual(100);
    expect(bench.store.ended.size).toBe(3001);
  });

  test("halves when the endpoint is overloaded", async () => {
    let overloaded = false;
    const bench = createBench({
      behave: () => (overloaded ? { kind: "answer", status: 503, afterMs: 100 } : ok),
    });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop);
    await bench.clock.advance(second);
    overloaded = true;
    bench.publish(shop, 5);
    await bench.clock.advance(2 * second);
    expect(bench.store.lanes.get(shop.endpoint)?.concurrency).toBe(5);
  });
});

describe("memory", () => {
  test("stays bounded whatever the backlog", async () => {
    const memory = { ...defaultDispatchSettings.memory, laneRows: 64, totalBytes: 64 * 1024 };
    const bench = createBench({ settings: { memory }, behave: () => ({ ...ok, afterMs: 50 }) });
    const shops = Array.from({ length: 10 }, (_, i) => bench.endpoint(`shop${i}`));
    const body = new Uint8Array(512);
    const content = { body, contentType: null, headers: {} };
    for (const shop of shops) {
      const rows = Array.from({ length: 10_000 }, () => bench.delivery(shop, { content }));
      bench.store.put(rows);
    }
    await bench.dispatcher.start();
    for (let i = 0; i < 40; i += 1) {
      await bench.clock.advance(10);
      const { heldRows, heldBytes } = bench.dispatcher.figures();
      expect(heldRows).toBeLessThanOrEqual(64 * 10);
      // One row at least comes with each read, room or not.
      expect(heldBytes).toBeLessThanOrEqual(64 * 1024 + 8 * 512);
    }
    expect(bench.sender.sent.length).toBeGreaterThan(100);
  }, 60_000);

  test("forgets lanes at rest beyond a bound", async () => {
    const memory = { ...defaultDispatchSettings.memory, idleLanes: 10 };
    const bench = createBench({ settings: { memory } });
    await bench.dispatcher.start();
    for (let i = 0; i < 100; i += 1) bench.publish(bench.endpoint(`shop${i}`));
    await bench.clock.advance(second);
    expect(bench.store.ended.size).toBe(100);
    expect(bench.dispatcher.figures()).toMatchObject({ lanes: 10, busyLanes: 0 });
  });
});
