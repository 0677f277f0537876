import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

/** The most times in any window [t, t + 1000); the fullest window starts at one of them. */
function fullestWindow(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  times.forEach((time, i) => {
    while (time - (times[first] ?? 0) >= 1000) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

const steps = fc.array(
  fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.constantFrom(999, 1000, 1001)),
  { maxLength: 200 },
);

describe("createRateLimit", () => {
  test("lets the limit start at once and the next one a second after the first", () => {
    const rate = createRateLimit(3);
    for (const now of [100, 100, 400]) {
      expect(rate.waitMs(now)).toBe(0);
      rate.take(now);
    }
    expect(rate.waitMs(400)).toBe(700);
    expect(rate.waitMs(1099)).toBe(1);
    expect(rate.waitMs(1100)).toBe(0);
    rate.take(1100);
    rate.take(1100);
    expect(rate.waitMs(1100)).toBe(300);
  });

  test("no window of a second holds more than the limit, and a wait is never longer than needed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), steps, (perSecond, pauses) => {
        const rate = createRateLimit(perSecond);
        const starts: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          const waitMs = rate.waitMs(now);
          const isAllowed = fullestWindow([...starts, now]) <= perSecond;
          expect(waitMs === 0).toBe(isAllowed);
          expect(fullestWindow([...starts, now + waitMs])).toBeLessThanOrEqual(perSecond);
          if (waitMs > 0) {
            const isNeeded = fullestWindow([...starts, now + waitMs - 1]) > perSecond;
            if (!isNeeded) throw new Error(`at ${now} a wait of ${waitMs} ms is too long`);
            // Half of the time wait as told and start then.
            if (pause % 2 === 0) continue;
            now += waitMs;
          }
          rate.take(now);
          starts.push(now);
        }
        expect(fullestWindow(starts)).toBeLessThanOrEqual(perSecond);
      }),
    );
  });

  test("a changed limit counts what started before the change", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 9 }))),
        (attempts) => {
          const rate = createRateLimit(5);
          const starts: number[] = [];
          let now = 0;
          for (const [pause, perSecond] of attempts) {
            now += pause;
            rate.change(perSecond, now);
            const isFull = starts.filter((start) => now - start < 1000).length >= perSecond;
            const waitMs = rate.waitMs(now);
            expect(waitMs > 0).toBe(isFull);
            const startedWithinSecondOf = (time: number): number =>
              starts.filter((start) => time - start < 1000).length;
            expect(startedWithinSecondOf(now + waitMs)).toBeLessThan(perSecond);
            expect(startedWithinSecondOf(now + waitMs - 1) >= perSecond || !isFull).toBe(true);
            if (isFull) continue;
            rate.take(now);
            starts.push(now);
          }
        },
      ),
    );
  });

  test("a start that nobody asked for counts", () => {
    const rate = createRateLimit(1);
    rate.take(0);
    rate.take(10);
    expect(rate.waitMs(10)).toBe(1000);
    expect(rate.waitMs(1000)).toBe(10);
    expect(rate.waitMs(1010)).toBe(0);
  });

  test("a clock that goes back delays by a second at most, and by no less than is exact", () => {
    const rate = createRateLimit(2);
    rate.take(10_000);
    rate.take(10_500);
    expect(rate.waitMs(5_000)).toBe(1000);
    expect(rate.waitMs(5_999)).toBe(1);
    expect(rate.waitMs(6_000)).toBe(0);
  });

  test("whatever the clock does, a wait is at most a second and ends when it is kept", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: -5_000, max: 5_000 })),
        (perSecond, jumps) => {
          const rate = createRateLimit(perSecond);
          let now = 1e12;
          for (const jump of jumps) {
            now += jump;
            const waitMs = rate.waitMs(now);
            expect(waitMs).toBeGreaterThanOrEqual(0);
            expect(waitMs).toBeLessThanOrEqual(1000);
            now += waitMs;
            expect(rate.waitMs(now)).toBe(0);
            rate.take(now);
          }
        },
      ),
    );
  });

  test("keeps count of the largest limit over several seconds", () => {
    const rate = createRateLimit(100_000);
    for (let second = 0; second < 3; second += 1) {
      for (let i = 0; i < 100_000; i += 1) rate.take(second * 1000 + Math.floor(i / 200));
      expect(rate.waitMs(second * 1000 + 499)).toBe(501);
    }
  });

  test.each([0, -1, 1.5, 100_001, NaN, Infinity])("refuses a limit of %s", (perSecond) => {
    expect(() => createRateLimit(perSecond)).toThrow(RangeError);
    expect(() => createRateLimit(1).change(perSecond, 0)).toThrow(RangeError);
  });
});
