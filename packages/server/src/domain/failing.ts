import type { Judgement } from "./judge-attempt.ts";

/** How long an endpoint has been failing: everything since its last success. */
export interface Failing {
  readonly failures: number;
  readonly since: number | null;
  readonly warnedAt: number | null;
}

export interface FailingPolicy {
  /** `null`: never. */
  readonly warnAfterMs: number | null;
  readonly disableAfterMs: number | null;
  /** Fewer failed attempts than this say too little. */
  readonly minAttempts: number;
}

const dayMs = 86_400_000;

export const defaultFailingPolicy: FailingPolicy = {
  warnAfterMs: dayMs,
  disableAfterMs: 5 * dayMs,
  minAttempts: 5,
};

export const notFailing: Failing = { failures: 0, since: null, warnedAt: null };

export interface FailingStep {
  readonly failing: Failing;
  readonly act: "warn" | "disable" | null;
}

/** Decides at an attempt, not by a timer: an endpoint that gets nothing is not failing. */
export function decideFailing(
  policy: FailingPolicy,
  before: Failing,
  judgement: Judgement,
  now: number,
): FailingStep {
  switch (judgement.kind) {
    case "success":
      return { failing: notFailing, act: null };
    case "no-word":
      return { failing: before, act: null };
    case "answered":
    case "trouble":
    case "gone": {
      const since = before.since ?? now;
      const failing = { ...before, since, failures: before.failures + 1 };
      if (failing.failures < policy.minAttempts) return { failing, act: null };
      return judgeLength(policy, failing, now - since, now);
    }
  }
}

function judgeLength(
  policy: FailingPolicy,
  failing: Failing,
  longMs: number,
  now: number,
): FailingStep {
  if (policy.disableAfterMs !== null && longMs >= policy.disableAfterMs) {
    return { failing, act: "disable" };
  }
  const warn =
    failing.warnedAt === null && policy.warnAfterMs !== null && longMs >= policy.warnAfterMs;
  return warn ? { failing: { ...failing, warnedAt: now }, act: "warn" } : { failing, act: null };
}
