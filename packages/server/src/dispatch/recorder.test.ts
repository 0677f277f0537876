import { describe, expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";
import type { Behaviour } from "../../test/kit/fake-sender.ts";
import { defaultDispatchSettings } from "./settings.ts";

const second = 1000;
const ok: Behaviour = { kind: "answer", status: 200 };

describe("recording", () => {
  test("shares commits of a bounded size", async () => {
    const recorder = { ...defaultDispatchSettings.recorder, batch: 20 };
    const bench = createBench({ settings: { recorder } });
    await bench.dispatcher.start();
    for (let i = 0; i < 60; i += 1) bench.publish(bench.endpoint(`shop${i}`));
    await bench.clock.advance(second);
    const sizes = bench.store.batches.map((batch) => batch.settlements.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
    expect(sizes.length).toBeLessThan(30);
    expect(bench.store.ended.size).toBe(60);
  });

  test("that fails holds up sending, loses nothing, and recovers by itself", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.store.fail("disk-full");
    bench.publish(shop, 500);
    await bench.clock.advance(60 * second);
    const sent = bench.sender.sent.length;
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThanOrEqual(20);
    expect(bench.store.attempts).toHaveLength(0);
    expect(bench.dispatcher.figures().unrecorded).toBe(sent);
    bench.store.fail(undefined);
    await bench.clock.advance(30 * second);
    expect(bench.store.ended.size).toBe(500);
    expect(bench.sender.sent).toHaveLength(500);
    expect(bench.dispatcher.figures().unrecorded).toBe(0);
    expect(bench.fatal).toEqual([]);
  });

  test("under a lost lease stops everything and says so", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop);
    await bench.clock.advance(second);
    bench.store.loseLease();
    bench.publish(shop);
    await bench.clock.advance(second);
    expect(bench.fatal).toMatchObject([{ message: expect.stringContaining("another worker") }]);
    const before = bench.sender.sent.length;
    bench.publish(shop, 10);
    await bench.clock.advance(60 * second);
    expect(bench.sender.sent).toHaveLength(before);
    expect(bench.store.ended.size).toBe(1);
    await bench.dispatcher.stop();
  });

  test("writes a lane at most once a second, and only when something differs", async () => {
    const bench = createBench({ behave: () => ({ kind: "answer", status: 500 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    for (let i = 0; i < 30; i += 1) {
      bench.publish(shop);
      await bench.clock.advance(200);
    }
    const writes = bench.store.batches.flatMap((b) => b.lanes.map((lane) => lane.updatedAt));
    expect(writes.length).toBeGreaterThan(1);
    expect(writes.slice(1).every((at, i) => at - (writes[i] ?? 0) >= second)).toBe(true);
  });

  test("names what is under way for more than a second, and takes it back", async () => {
    const bench = createBench({ behave: () => ({ ...ok, afterMs: 5000 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const startedAt = bench.clock.now();
    const [delivery] = bench.publish(shop);
    await bench.clock.advance(3 * second);
    expect(bench.store.lanes.get(shop.endpoint)?.sending).toEqual([
      { delivery: delivery?.id, startedAt },
    ]);
    await bench.clock.advance(2100);
    expect(bench.store.lanes.get(shop.endpoint)).toBeUndefined();
  });
});

describe("stop", () => {
  test("takes nothing more, finishes what is under way, and records it", async () => {
    const bench = createBench({ behave: () => ({ ...ok, afterMs: 2000 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop, 10);
    await bench.clock.advance(100);
    const sent = bench.sender.sent.length;
    const stopped = bench.dispatcher.stop();
    bench.publish(shop, 10);
    await bench.clock.advance(3 * second);
    await stopped;
    expect(bench.sender.sent).toHaveLength(sent);
    expect(bench.store.ended.size).toBe(sent);
    expect(bench.clock.timers()).toBe(0);
  });

  test("cuts short what does not end in time, as unknown, to be tried again", async () => {
    const bench = createBench({ behave: () => ({ kind: "hang" }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop, 1);
    await bench.clock.advance(2 * second);
    const stopped = bench.dispatcher.stop();
    await bench.clock.advance(11 * second);
    await stopped;
    expect(bench.store.attempts).toMatchObject([
      { outcome: "unknown", errorClass: "process-ended" },
    ]);
    expect(bench.store.waiting()).toMatchObject([{ rule: "schedule", attempts: 1 }]);
    expect(bench.store.lanes.get(shop.endpoint)?.sending ?? []).toEqual([]);
    expect(bench.clock.timers()).toBe(0);
  });

  test("records what the store takes again in time", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"));
    bench.store.fail("disk-full");
    await bench.clock.advance(100);
    const stopped = bench.dispatcher.stop();
    await bench.clock.advance(second);
    bench.store.fail(undefined);
    await bench.clock.advance(10 * second);
    await stopped;
    expect(bench.store.ended.size).toBe(1);
  });

  test("ends within ten seconds when the store cannot record, and the delivery stays waiting", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"));
    bench.store.fail("disk-full");
    await bench.clock.advance(second);
    const stopped = bench.dispatcher.stop();
    await bench.clock.advance(10 * second);
    await stopped;
    bench.store.fail(undefined);
    await bench.clock.advance(60 * second);
    expect(bench.store.ended.size).toBe(0);
    expect(bench.store.waiting()).toHaveLength(1);
  });
});
