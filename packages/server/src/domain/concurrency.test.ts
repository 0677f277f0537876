import { describe, expect, test } from "vitest";
import {
  defaultConcurrencyPolicy as policy,
  growConcurrency,
  reduceConcurrency,
  restoreConcurrency,
  slowStart,
  startConcurrency,
} from "./concurrency.ts";
import type { Concurrency } from "./concurrency.ts";

function answer(times: number, before: Concurrency, answerMs = 20): Concurrency {
  let after = before;
  for (let i = 0; i < times; i += 1) after = growConcurrency(policy, after, answerMs);
  return after;
}

describe("concurrency", () => {
  test("grows by one for each window of fast answers, up to the cap", () => {
    const start = startConcurrency(policy);
    expect(start.limit).toBe(10);
    expect(answer(9, start).limit).toBe(10);
    expect(answer(10, start).limit).toBe(11);
    expect(answer(21, start).limit).toBe(12);
    expect(answer(100_000, start).limit).toBe(100);
  });

  test("does not grow on slow answers", () => {
    expect(answer(1000, startConcurrency(policy), 1500).limit).toBe(10);
  });

  test("halves once for requests that were under way together, to one at least", () => {
    const once = reduceConcurrency(startConcurrency(policy), 900, 1000);
    expect(once.limit).toBe(5);
    expect(reduceConcurrency(once, 950, 1001).limit).toBe(5);
    let after = once;
    for (let at = 2000; at < 9000; at += 1000) after = reduceConcurrency(after, at, at + 10);
    expect(after.limit).toBe(1);
  });

  test("starts at one after a recovery and doubles until it is where others begin", () => {
    const start = slowStart(0);
    expect(start.limit).toBe(1);
    expect(answer(1, start).limit).toBe(2);
    expect(answer(3, start).limit).toBe(4);
    expect(answer(9, start).limit).toBe(10);
    expect(answer(10, start).limit).toBe(10);
  });

  test("is restored within its bounds", () => {
    expect(restoreConcurrency(policy, 0).limit).toBe(1);
    expect(restoreConcurrency(policy, 1000).limit).toBe(100);
    expect(restoreConcurrency(policy, 3)).toMatchObject({ limit: 3, slowStart: true });
  });
});
