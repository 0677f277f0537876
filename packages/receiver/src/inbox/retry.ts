import type { Failure } from "./entry.ts";

/** How an event is tried again whose handler failed. */
export interface RetryPolicy {
  /** After so many failed runs the event is a dead letter. @default 12 */
  readonly maxAttempts: number;
  /** The wait after the first failure, in ms; it doubles with each further one. @default 1000 */
  readonly firstDelayMs: number;
  /** The longest wait, in ms. @default 3600000, an hour */
  readonly maxDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 12,
  firstDelayMs: 1000,
  maxDelayMs: 3_600_000,
};

/** Longer texts of errors are cut to this many characters before they are stored. */
const maxErrorLength = 1000;

/**
 * Decides what follows when run number `attempt` (from 1) threw `thrown`. An error may say it itself: `retry: false`
 * makes a dead letter at once, `retryAfterMs` sets the wait. `random` is in [0, 1).
 */
export function decideFailure(
  policy: RetryPolicy,
  attempt: number,
  thrown: unknown,
  random: number,
): Failure {
  const error = errorText(thrown);
  const wish = wishOf(thrown);
  if (wish.kind === "dead") return { kind: "dead", reason: wish.reason, error };
  if (attempt >= policy.maxAttempts) return { kind: "dead", reason: "exhausted", error };
  if (wish.kind === "after") return { kind: "retry", afterMs: wish.afterMs, error };
  const delayMs = Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.maxDelayMs);
  // Half of it is left to chance, so that what failed together does not come back together.
  return { kind: "retry", afterMs: Math.round(delayMs * (0.5 + random / 2)), error };
}

/** Data that its schema refused: another run would refuse it too. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
}

type Wish =
  | { readonly kind: "none" }
  | { readonly kind: "after"; readonly afterMs: number }
  | { readonly kind: "dead"; readonly reason: "refused" | "invalid" };

function wishOf(thrown: unknown): Wish {
  if (thrown instanceof InvalidEventError) return { kind: "dead", reason: "invalid" };
  if (typeof thrown !== "object" || thrown === null) return { kind: "none" };
  if ("retry" in thrown && thrown.retry === false) return { kind: "dead", reason: "refused" };
  if (!("retryAfterMs" in thrown)) return { kind: "none" };
  const afterMs = Number(thrown.retryAfterMs);
  return afterMs >= 0 && Number.isFinite(afterMs) ? { kind: "after", afterMs } : { kind: "none" };
}

function errorText(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text.slice(0, maxErrorLength);
}
