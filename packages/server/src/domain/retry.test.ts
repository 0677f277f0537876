import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorClasses, outcomes } from "./outcome.ts";
import { decideNext, defaultRetryPolicy } from "./retry.ts";
import type { MadeAttempt, Next } from "./retry.ts";

const middle = 0.5;

function made(given: Partial<MadeAttempt>): MadeAttempt {
  return {
    number: 1,
    outcome: "rejected",
    errorClass: null,
    status: 500,
    retryAfterMs: undefined,
    ...given,
  };
}

const unanswered = { status: null } as const;
const last = { number: 10 } as const;
const retry = (afterMs: number, rule: "schedule" | "retry-after" = "schedule"): Next => ({
  kind: "retry",
  afterMs,
  rule,
});
const end = (reason: Extract<Next, { kind: "end" }>["reason"]): Next => ({ kind: "end", reason });

const table: readonly (readonly [string, Partial<MadeAttempt>, Next])[] = [
  ["2xx", { outcome: "delivered", status: 204 }, end("delivered")],
  ["410", { status: 410 }, end("gone")],
  ["410 with Retry-After", { status: 410, retryAfterMs: 1000 }, end("gone")],
  ["a first 500", {}, retry(5000)],
  ["a second 500", { number: 2 }, retry(300_000)],
  ["a redirect", { status: 302 }, retry(5000)],
  [
    "429 that asks for more than the schedule",
    { status: 429, retryAfterMs: 60_000 },
    retry(60_000, "retry-after"),
  ],
  ["429 that asks for less", { status: 429, retryAfterMs: 1000 }, retry(5000)],
  ["404 that asks for a wait", { status: 404, retryAfterMs: 9000 }, retry(9000, "retry-after")],
  ["a wait beyond the cap", { status: 503, retryAfterMs: 1e12 }, retry(86_400_000, "retry-after")],
  ["a last 500", { ...last }, end("attempts-exhausted")],
  [
    "a last 429 that asks for a wait",
    { ...last, status: 429, retryAfterMs: 1000 },
    end("attempts-exhausted"),
  ],
  [
    "a last one refused",
    { ...last, ...unanswered, outcome: "not-sent", errorClass: "connection-refused" },
    end("unreachable"),
  ],
  [
    "a last one without an answer",
    { ...last, ...unanswered, outcome: "unknown", errorClass: "response-timeout" },
    end("maybe-delivered"),
  ],
  [
    "a blocked address",
    { ...unanswered, outcome: "not-sent", errorClass: "address-blocked" },
    end("address-blocked"),
  ],
  [
    "an invalid URL",
    { ...unanswered, outcome: "not-sent", errorClass: "invalid-url" },
    end("address-blocked"),
  ],
  [
    "a stop of this process in the last attempt",
    { ...last, ...unanswered, outcome: "unknown", errorClass: "process-ended" },
    retry(86_400_000),
  ],
  ["a request that could not be made", { ...unanswered, outcome: "not-sent" }, retry(5000)],
];

describe("what follows an attempt", () => {
  test.each(table)("after %s", (_case, attempt, next) => {
    expect(decideNext(defaultRetryPolicy, made(attempt), middle)).toEqual(next);
  });

  const anyAttempt = fc.record({
    number: fc.integer({ min: 1, max: 12 }),
    outcome: fc.constantFrom(...outcomes),
    errorClass: fc.option(fc.constantFrom(...errorClasses)),
    status: fc.option(fc.integer({ min: 100, max: 599 })),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
  });

  test("a retry comes within the jitter of its step, or at the time asked for below the cap", () => {
    fc.assert(
      fc.property(anyAttempt, fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const next = decideNext(defaultRetryPolicy, attempt, random);
        if (next.kind === "end") return;
        const { delaysMs, retryAfterCapMs } = defaultRetryPolicy;
        const step = delaysMs[Math.min(attempt.number, delaysMs.length - 1)] ?? 0;
        expect(next.afterMs).toBeGreaterThanOrEqual(Math.floor(step * 0.9));
        const most = next.rule === "schedule" ? step * 1.1 : retryAfterCapMs;
        expect(next.afterMs).toBeLessThanOrEqual(Math.ceil(most));
      }),
    );
  });

  test("no delivery has more attempts than the schedule has entries", () => {
    fc.assert(
      fc.property(anyAttempt, (attempt) => {
        const next = decideNext(defaultRetryPolicy, { ...attempt, number: 10 }, middle);
        expect(next.kind === "end" || attempt.errorClass === "process-ended").toBe(true);
      }),
    );
  });
});
