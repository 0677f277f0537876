import { describe, expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";
import type { Behaviour } from "../../test/kit/fake-sender.ts";

const second = 1000;
const hang: Behaviour = { kind: "hang" };
const ok: Behaviour = { kind: "answer", status: 200 };

describe("endpoints beside each other", () => {
  test("a healthy one does not wait for 5,000 that hang", async () => {
    const bench = createBench({
      behave: (request) => (request.url === "http://healthy/" ? ok : hang),
    });
    await bench.dispatcher.start();
    const healthy = bench.endpoint("healthy", { application: bench.application() });
    bench.publish(healthy);
    await bench.clock.advance(100);
    for (let i = 0; i < 5000; i += 1) {
      bench.publish(bench.endpoint(`hanging${i}`, { application: bench.application() }), 3);
    }
    for (let i = 0; i < 40; i += 1) {
      await bench.clock.advance(500);
      const [delivery] = bench.publish(healthy);
      await bench.clock.advance(10);
      expect(delivery && bench.store.ended.get(delivery.id)).toBe("delivered");
    }
    const { underWay } = bench.dispatcher.figures();
    expect(underWay).toBeGreaterThan(1000);
    expect(underWay).toBeLessThanOrEqual(2048);
  }, 120_000);

  test("a healthy one that nobody has heard of yet gets its chance within moments", async () => {
    const bench = createBench({
      behave: (request) => (request.url === "http://healthy/" ? ok : hang),
    });
    await bench.dispatcher.start();
    for (let i = 0; i < 5000; i += 1) {
      bench.publish(bench.endpoint(`hanging${i}`, { application: bench.application() }));
    }
    await bench.clock.advance(200);
    const [delivery] = bench.publish(
      bench.endpoint("healthy", { application: bench.application() }),
    );
    await bench.clock.advance(2 * second);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("delivered");
  }, 120_000);

  test("an application with a huge backlog leaves another its turn", async () => {
    const bench = createBench({ behave: () => ({ ...ok, afterMs: 20 }) });
    const many = Array.from({ length: 200 }, (_, i) => bench.endpoint(`big${i}`));
    const small = bench.endpoint("small", { application: bench.application() });
    for (const target of many) {
      bench.store.put(Array.from({ length: 100 }, () => bench.delivery(target)));
    }
    await bench.dispatcher.start();
    await bench.clock.advance(200);
    bench.publish(small, 10);
    await bench.clock.advance(400);
    expect(bench.sender.sentTo("http://small/")).toHaveLength(10);
    expect(bench.sender.sent.length).toBeLessThan(20_000);
  }, 60_000);

  test("slow ones together leave room, and each gets its share", async () => {
    const bench = createBench({ behave: () => ({ ...ok, afterMs: 3000 }) });
    await bench.dispatcher.start();
    for (let i = 0; i < 600; i += 1) bench.publish(bench.endpoint(`slow${i}`), 30);
    await bench.clock.advance(20 * second);
    expect(bench.dispatcher.figures().underWay).toBeLessThanOrEqual(1843);
    const served = Array.from({ length: 600 }, (_, i) => bench.sender.sentTo(`http://slow${i}/`));
    expect(Math.min(...served.map((sent) => sent.length))).toBeGreaterThan(2);
  }, 60_000);
});
