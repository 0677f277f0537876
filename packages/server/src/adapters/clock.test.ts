import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSystemClock } from "./clock.ts";

const day = 86_400_000;

describe("the system's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(Date.UTC(2026, 0, 1));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("starts at the wall's time and does not follow its jumps", () => {
    const clock = createSystemClock();
    const start = clock.now();
    expect(start).toBe(Date.UTC(2026, 0, 1));
    vi.setSystemTime(Date.UTC(2027, 0, 1));
    expect(clock.now()).toBe(start);
    expect(clock.wallMs()).toBe(Date.UTC(2027, 0, 1));
  });

  test("runs at its time once, never before, also beyond what one timer can wait", () => {
    const clock = createSystemClock();
    const ranAt: number[] = [];
    const at = clock.now() + 40 * day;
    clock.at(at, () => ranAt.push(clock.now()));
    vi.advanceTimersByTime(40 * day - 1);
    expect(ranAt).toEqual([]);
    vi.advanceTimersByTime(day);
    expect(ranAt).toEqual([at]);
  });

  test("runs soon what is past, and never within the call", () => {
    const clock = createSystemClock();
    let ran = false;
    clock.at(clock.now() - 5, () => {
      ran = true;
    });
    expect(ran).toBe(false);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(true);
  });

  test("does not run what was cancelled", () => {
    const clock = createSystemClock();
    let ran = false;
    const cancel = clock.at(clock.now() + 10, () => {
      ran = true;
    });
    cancel();
    vi.advanceTimersByTime(100);
    expect(ran).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
