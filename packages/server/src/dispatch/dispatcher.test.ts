import { describe, expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";

describe("a delivery", () => {
  test("that is published is sent at once and ends delivered", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const [delivery] = bench.publish(shop);
    await bench.clock.advance(100);
    expect(bench.sender.sentTo("http://shop/")).toHaveLength(1);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("delivered");
    expect(bench.store.attempts).toMatchObject([
      { number: 1, trigger: "schedule", outcome: "delivered", worker: "worker" },
    ]);
    expect(bench.store.reads).toHaveLength(0);
  });
});
