import type { DueRule } from "./delivery.ts";
import type { AttemptResult } from "./judge-attempt.ts";
import type { EndReason } from "./reasons.ts";

/** When a delivery is tried again. */
export interface RetryPolicy {
  /** The wait before each attempt: entry 0 belongs to the first. As many attempts as entries. */
  readonly delaysMs: readonly number[];
  /** Each delay is spread by this share to both sides. */
  readonly jitter: number;
  /** The longest wait that a receiver can ask for. */
  readonly retryAfterCapMs: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The example schedule of Standard Webhooks: ten attempts over 75 h 35 min. */
export const defaultRetryPolicy: RetryPolicy = {
  delaysMs: [
    0,
    5 * second,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ],
  jitter: 0.1,
  retryAfterCapMs: 24 * hour,
};

export interface MadeAttempt extends AttemptResult {
  /** 1 is a delivery's first. */
  readonly number: number;
  /** What the receiver asked for, if it did. */
  readonly retryAfterMs: number | undefined;
}

export type Next =
  | { readonly kind: "end"; readonly reason: EndReason }
  | {
      readonly kind: "retry";
      readonly afterMs: number;
      readonly rule: Extract<DueRule, "schedule" | "retry-after">;
    };

/** Decides what follows an attempt. `random` is in [0, 1). */
export function decideNext(policy: RetryPolicy, attempt: MadeAttempt, random: number): Next {
  if (attempt.outcome === "delivered") return { kind: "end", reason: "delivered" };
  if (attempt.status === 410) return { kind: "end", reason: "gone" };
  switch (attempt.errorClass) {
    case "address-blocked":
    case "invalid-url":
      // The same URL will not become allowed by waiting.
      return { kind: "end", reason: "address-blocked" };
    case "process-ended":
      // A stop of this process is no fault of the receiver: it never costs the last attempt.
      return retry(policy, attempt, random);
    default:
      return attempt.number < policy.delaysMs.length
        ? retry(policy, attempt, random)
        : { kind: "end", reason: exhausted(attempt.outcome) };
  }
}

function retry(policy: RetryPolicy, attempt: MadeAttempt, random: number): Next {
  const delayMs = policy.delaysMs[attempt.number] ?? policy.delaysMs.at(-1) ?? 0;
  const scheduledMs = Math.round(delayMs * (1 - policy.jitter + 2 * policy.jitter * random));
  const askedMs = Math.min(attempt.retryAfterMs ?? 0, policy.retryAfterCapMs);
  return askedMs > scheduledMs
    ? { kind: "retry", afterMs: askedMs, rule: "retry-after" }
    : { kind: "retry", afterMs: scheduledMs, rule: "schedule" };
}

function exhausted(outcome: Exclude<MadeAttempt["outcome"], "delivered">): EndReason {
  switch (outcome) {
    case "rejected":
      return "attempts-exhausted";
    case "not-sent":
      return "unreachable";
    case "unknown":
      return "maybe-delivered";
  }
}
