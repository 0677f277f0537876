/**
 * How many requests an endpoint may have under way: it grows by one for each window of fast
 * answers and halves when the endpoint shows that it has too much to do. After a recovery it
 * starts at one and doubles with each window until it is where others begin.
 */
export interface Concurrency {
  readonly limit: number;
  /** Fast answers since the limit last changed. */
  readonly answered: number;
  /** Requests that started before then do not halve it once more. */
  readonly reducedAt: number;
  readonly slowStart: boolean;
}

export interface ConcurrencyPolicy {
  readonly start: number;
  readonly max: number;
  /** An answer within this time is fast. */
  readonly fastMs: number;
}

export const defaultConcurrencyPolicy: ConcurrencyPolicy = { start: 10, max: 100, fastMs: 1000 };

export function startConcurrency(policy: ConcurrencyPolicy): Concurrency {
  return { limit: policy.start, answered: 0, reducedAt: 0, slowStart: false };
}

/** After a breaker closed or an endpoint was enabled again. */
export function slowStart(now: number): Concurrency {
  return { limit: 1, answered: 0, reducedAt: now, slowStart: true };
}

/** As it was written by the last owner; what it knew beyond the limit is gone. */
export function restoreConcurrency(policy: ConcurrencyPolicy, limit: number): Concurrency {
  const kept = Math.min(Math.max(1, Math.floor(limit)), policy.max);
  return { limit: kept, answered: 0, reducedAt: 0, slowStart: kept < policy.start };
}

export function growConcurrency(
  policy: ConcurrencyPolicy,
  before: Concurrency,
  answerMs: number,
): Concurrency {
  if (answerMs > policy.fastMs || before.limit >= policy.max) return before;
  const answered = before.answered + 1;
  if (before.slowStart) {
    const limit = before.limit + 1;
    return { ...before, limit, answered: 0, slowStart: limit < policy.start };
  }
  if (answered < before.limit) return { ...before, answered };
  return { ...before, limit: before.limit + 1, answered: 0 };
}

/** `startedAt` is when the request began whose answer asks for less. */
export function reduceConcurrency(
  before: Concurrency,
  startedAt: number,
  now: number,
): Concurrency {
  // A window of requests that fail together says one thing, not as many as it has requests.
  if (startedAt < before.reducedAt) return before;
  const limit = Math.max(1, Math.floor(before.limit / 2));
  return { limit, answered: 0, reducedAt: now, slowStart: false };
}
