import type { DeliveryId, EndpointId } from "./ids.ts";

export const breakerStates = ["closed", "slow", "open", "probing"] as const;
export type BreakerState = (typeof breakerStates)[number];

/** What keeps due deliveries of an open lane waiting, beyond their turn. */
export const laneLimits = ["rate", "application-rate", "concurrency"] as const;
export type LaneLimit = (typeof laneLimits)[number];

/** A delivery whose attempt is under way, and since when. */
export interface UnderWay {
  readonly delivery: DeliveryId;
  readonly startedAt: number;
}

/**
 * What the owner last wrote of an endpoint's lane: at most once a second, and only what differs
 * from a lane at rest. Pause and disable are not here: they are the endpoint's configuration.
 */
export interface LaneRecord {
  readonly endpoint: EndpointId;
  readonly breaker: BreakerState;
  /** When an open breaker probes. */
  readonly probeAt: number | null;
  /** How many times in a row it opened; it chooses how long it stays open. */
  readonly opened: number;
  readonly consecutiveFailures: number;
  /** The first failure since the last success. */
  readonly failingSince: number | null;
  readonly warnedAt: number | null;
  /** The receiver's Retry-After, as a time. */
  readonly askedToWaitUntil: number | null;
  /** Requests that may be under way at once. */
  readonly concurrency: number;
  readonly limitedBy: LaneLimit | null;
  /** Attempts that had been under way for more than a second. */
  readonly sending: readonly UnderWay[];
  readonly updatedAt: number;
}
