import type { DeliveryId } from "./ids.ts";
import type { Judgement } from "./judge-attempt.ts";
import type { BreakerState, LaneRecord } from "./lane.ts";

/**
 * An endpoint's breaker.
 *
 *     closed ──trouble──▶ slow ──trouble──▶ open ──its time, or a manual resend──▶ probing
 *        ▲                 │                 ▲                                        │
 *        └─────success─────┴──────success────┼──────────── an answer ─────────────────┤
 *                                            └──────────── trouble ───────────────────┘
 *
 * Only trouble of the endpoint counts, in a row, and over several deliveries: one delivery alone
 * runs its whole schedule undisturbed. An answer that refuses a message (422) neither counts nor
 * clears, but it closes a breaker that probes: the endpoint is there.
 */
export interface Breaker {
  readonly state: BreakerState;
  readonly probeAt: number | null;
  /** How many times in a row it opened. */
  readonly opened: number;
  /** Troubles in a row. */
  readonly troubles: number;
  /** The first different deliveries among them, as many as the policy asks for. */
  readonly deliveries: readonly DeliveryId[];
}

export interface BreakerPolicy {
  readonly slowAfter: number;
  readonly openAfter: number;
  /** Different deliveries that the troubles must have met. */
  readonly minDeliveries: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly jitter: number;
}

export const defaultBreakerPolicy: BreakerPolicy = {
  slowAfter: 5,
  openAfter: 10,
  minDeliveries: 3,
  openMs: 30_000,
  maxOpenMs: 600_000,
  jitter: 0.1,
};

export const closedBreaker: Breaker = {
  state: "closed",
  probeAt: null,
  opened: 0,
  troubles: 0,
  deliveries: [],
};

/** An attempt's result as the breaker sees it; `random` is in [0, 1). */
export interface BreakerInput {
  readonly judgement: Judgement;
  readonly delivery: DeliveryId;
  /** It was the probe. */
  readonly probe: boolean;
  readonly now: number;
  readonly random: number;
}

export function decideBreaker(
  policy: BreakerPolicy,
  before: Breaker,
  input: BreakerInput,
): Breaker {
  switch (input.judgement.kind) {
    case "success":
      return closedBreaker;
    case "answered":
      return input.probe ? closedBreaker : before;
    case "trouble":
      return afterTrouble(policy, before, input);
    case "gone":
    case "no-word":
      // Nothing was learned: the next delivery probes.
      return input.probe ? { ...before, state: "open", probeAt: input.now } : before;
  }
}

function afterTrouble(policy: BreakerPolicy, before: Breaker, input: BreakerInput): Breaker {
  const counted = count(policy, before, input.delivery);
  if (input.probe) return open(policy, counted, input);
  switch (before.state) {
    case "open":
    case "probing":
      // A request from before it opened: it must not make the wait longer.
      return counted;
    case "closed":
    case "slow":
      if (counted.deliveries.length < policy.minDeliveries) return counted;
      if (counted.troubles >= policy.openAfter) return open(policy, counted, input);
      return counted.troubles >= policy.slowAfter ? { ...counted, state: "slow" } : counted;
  }
}

function count(policy: BreakerPolicy, before: Breaker, delivery: DeliveryId): Breaker {
  const known =
    before.deliveries.length >= policy.minDeliveries || before.deliveries.includes(delivery);
  return {
    ...before,
    troubles: before.troubles + 1,
    deliveries: known ? before.deliveries : [...before.deliveries, delivery],
  };
}

function open(policy: BreakerPolicy, before: Breaker, input: BreakerInput): Breaker {
  const opened = before.opened + 1;
  const longMs = Math.min(policy.openMs * 2 ** Math.min(opened - 1, 30), policy.maxOpenMs);
  const spreadMs = Math.round(longMs * (1 - policy.jitter + 2 * policy.jitter * input.random));
  return { ...before, state: "open", opened, probeAt: input.now + spreadMs };
}

/** A probe begins. */
export function probing(before: Breaker): Breaker {
  return { ...before, state: "probing", probeAt: null };
}

/** The endpoint was enabled again after trouble: counters at rest, and one delivery goes first. */
export function probeFirst(now: number): Breaker {
  return { ...closedBreaker, state: "open", probeAt: now };
}

/** What the last owner wrote. A probe that it had under way is made again. */
export function restoreBreaker(record: LaneRecord, now: number): Breaker {
  const { breaker: state, opened } = record;
  switch (state) {
    case "closed":
      return closedBreaker;
    case "slow":
      return { ...closedBreaker, state, troubles: record.consecutiveFailures };
    case "open":
    case "probing":
      return {
        ...closedBreaker,
        state: "open",
        opened,
        probeAt: record.probeAt ?? now,
        troubles: record.consecutiveFailures,
      };
  }
}
