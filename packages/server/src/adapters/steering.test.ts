import { describe, expect, test } from "vitest";
import { newSteering, Steering } from "./steering.ts";

function at(monotonicMs: number, aheadMs: number, errorMs = 0) {
  return { monotonicMs, databaseMs: monotonicMs + aheadMs, errorMs };
}

/** The steady time at each ms of a while. */
function times(steering: Steering, fromMs: number, toMs: number): readonly number[] {
  return Array.from({ length: toMs - fromMs }, (_, n) => fromMs + n + steering.aheadMs(fromMs + n));
}

describe("a steered time", () => {
  test("is the database's from the first measurement on", () => {
    const steering = new Steering(newSteering());
    steering.follow(at(1000, 300_000));
    expect(steering.aheadMs(1000)).toBe(300_000);
    expect(steering.aheadMs(5000)).toBe(300_000);
    expect(steering.lastAheadMs()).toBe(300_000);
  });

  test.each([100, -100])("follows %d ms within seconds, without going back or a jump", (offMs) => {
    const steering = new Steering(newSteering());
    steering.follow(at(0, 0));
    steering.follow(at(10_000, offMs));
    const seen = times(steering, 10_000, 14_000);
    for (const [n, time] of seen.entries()) {
      const step = time - (seen[n - 1] ?? time - 1);
      expect(step).toBeGreaterThan(0.9);
      expect(step).toBeLessThan(1.1);
    }
    expect(steering.aheadMs(10_000)).toBe(0);
    expect(steering.aheadMs(11_000)).toBe(offMs / 2);
    expect(steering.aheadMs(12_000)).toBe(offMs);
    expect(steering.aheadMs(60_000)).toBe(offMs);
    // What others check with their own clocks is right at once.
    expect(steering.lastAheadMs()).toBe(offMs);
  });

  test("goes on from where it is when the database changes its mind", () => {
    const steering = new Steering(newSteering());
    steering.follow(at(0, 0));
    steering.follow(at(1000, 600_000));
    const before = steering.aheadMs(11_000);
    expect(before).toBe(500);
    steering.follow(at(11_000, 0));
    expect(steering.aheadMs(11_000)).toBe(before);
    expect(steering.aheadMs(21_000)).toBe(0);
  });

  test("is left alone by what a slow answer alone may explain", () => {
    const steering = new Steering(newSteering());
    steering.follow(at(0, 0, 1));
    steering.follow(at(1000, 40, 50));
    expect(steering.aheadMs(60_000)).toBe(0);
    steering.follow(at(60_000, 80, 50));
    expect(steering.aheadMs(120_000)).toBe(30);
    expect(steering.lastAheadMs()).toBe(30);
  });

  test("is the same for whoever shares it", () => {
    const shared = newSteering();
    const [one, other] = [new Steering(shared), new Steering(shared)];
    one.follow(at(0, 5000));
    one.follow(at(1000, 6000));
    for (const time of [1000, 1500, 30_000]) expect(other.aheadMs(time)).toBe(one.aheadMs(time));
    expect(other.lastAheadMs()).toBe(6000);
  });
});
