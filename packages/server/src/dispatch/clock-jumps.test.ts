import { expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

test.each([
  ["forward", day],
  ["back", -day],
])(
  "a retry neither fires nor stalls when the system's clock jumps %s by a day",
  async (_, jump) => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const due = bench.clock.now() + 2 * hour;
    bench.store.commit([bench.delivery(shop, { due, rule: "schedule", attempts: 1 })]);
    await bench.clock.advance(hour);
    bench.clock.moveWall(jump);
    await bench.clock.advance(hour - second);
    expect(bench.sender.sent).toHaveLength(0);
    await bench.clock.advance(2 * second);
    expect(bench.sender.sent.map(({ at }) => at)).toEqual([due]);
    expect(bench.store.attempts).toMatchObject([{ number: 2, outcome: "delivered" }]);
  },
);

test("what expires ends at its time, whichever way the system's clock jumps meanwhile", async () => {
  const bench = createBench();
  await bench.dispatcher.start();
  const shop = bench.endpoint("shop");
  const at = bench.clock.now();
  const delivery = bench.delivery(shop, { due: at + 3 * day, expiresAt: at + 2 * hour });
  bench.store.commit([delivery]);
  await bench.clock.advance(hour);
  bench.clock.moveWall(day);
  await bench.clock.advance(hour / 2);
  expect(bench.store.ended.get(delivery.id)).toBeUndefined();
  bench.clock.moveWall(-2 * day);
  await bench.clock.advance(hour);
  expect(bench.store.ended.get(delivery.id)).toBe("expired");
  expect(bench.sender.sent).toHaveLength(0);
});
