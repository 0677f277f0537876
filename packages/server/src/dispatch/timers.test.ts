import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFakeClock } from "../../test/kit/fake-clock.ts";
import { createTimers } from "./timers.ts";

describe("timers", () => {
  test("run in the order of their times, each at its own, however they were moved", async () => {
    const move = fc.record({
      timer: fc.nat({ max: 7 }),
      at: fc.nat({ max: 50 }),
      clear: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(move), async (moves) => {
        const clock = createFakeClock(0);
        const timers = createTimers(clock);
        const ran: { timer: number; at: number }[] = [];
        const all = Array.from({ length: 8 }, (_, timer) =>
          timers.create(() => ran.push({ timer, at: clock.now() })),
        );
        const expected = new Map<number, number>();
        for (const { timer, at, clear } of moves) {
          if (clear) {
            all[timer]?.clear();
            expected.delete(timer);
          } else {
            all[timer]?.set(at);
            expected.set(timer, at);
          }
        }
        await clock.advance(60);
        expect(new Map(ran.map(({ timer, at }) => [timer, at]))).toEqual(expected);
        expect(ran).toHaveLength(expected.size);
        expect(ran.map(({ at }) => at)).toEqual(ran.map(({ at }) => at).sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  test("set one timer of the clock at a time", () => {
    const clock = createFakeClock(0);
    const timers = createTimers(clock);
    for (let i = 0; i < 100; i += 1) timers.create(() => {}).set(1000 - i);
    expect(clock.timers()).toBe(1);
    timers.clearAll();
    expect(clock.timers()).toBe(0);
  });

  test("may be set again while they run", async () => {
    const clock = createFakeClock(0);
    const timers = createTimers(clock);
    const ran: number[] = [];
    const timer = timers.create(() => {
      ran.push(clock.now());
      if (ran.length < 3) timer.set(clock.now() + 10);
    });
    timer.set(5);
    await clock.advance(100);
    expect(ran).toEqual([5, 15, 25]);
  });
});
