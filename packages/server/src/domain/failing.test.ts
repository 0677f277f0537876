import { describe, expect, test } from "vitest";
import { decideFailing, defaultFailingPolicy, notFailing } from "./failing.ts";
import type { Failing } from "./failing.ts";
import type { Judgement } from "./judge-attempt.ts";

const day = 86_400_000;
const trouble: Judgement = { kind: "trouble", overloaded: false };

function run(times: readonly number[], policy = defaultFailingPolicy): readonly unknown[] {
  let failing: Failing = notFailing;
  return times.map((at) => {
    const step = decideFailing(policy, failing, trouble, at);
    failing = step.failing;
    return step.act;
  });
}

describe("an endpoint that fails", () => {
  test("is warned about once after a day and disabled after five", () => {
    const times = [0, 1, 2, 3, day - 1, day, day + 1, 2 * day, 5 * day - 1, 5 * day];
    const acts = run(times);
    expect(acts).toEqual([null, null, null, null, null, "warn", null, null, null, "disable"]);
  });

  test("needs several attempts, not only time", () => {
    expect(run([0, day, 2 * day, 6 * day])).toEqual([null, null, null, null]);
  });

  test("is left alone where the policy says never", () => {
    const never = { warnAfterMs: null, disableAfterMs: null, minAttempts: 1 };
    expect(run([0, 100 * day], never)).toEqual([null, null]);
  });

  test("counts from the first failure after a success", () => {
    const failing = { failures: 99, since: 0, warnedAt: 5 };
    const step = decideFailing(defaultFailingPolicy, failing, { kind: "success" }, 9 * day);
    expect(step).toEqual({ failing: notFailing, act: null });
  });

  test("does not count what failed on this side", () => {
    const step = decideFailing(defaultFailingPolicy, notFailing, { kind: "no-word" }, 1);
    expect(step.failing).toBe(notFailing);
  });
});
