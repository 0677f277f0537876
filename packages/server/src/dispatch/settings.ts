import { defaultBreakerPolicy } from "../domain/breaker.ts";
import type { BreakerPolicy } from "../domain/breaker.ts";
import { defaultConcurrencyPolicy } from "../domain/concurrency.ts";
import type { ConcurrencyPolicy } from "../domain/concurrency.ts";
import { defaultFailingPolicy } from "../domain/failing.ts";
import type { FailingPolicy } from "../domain/failing.ts";
import { defaultRetryPolicy } from "../domain/retry.ts";
import type { RetryPolicy } from "../domain/retry.ts";

export interface DispatchSettings {
  /** The name that attempts carry. */
  readonly worker: string;
  readonly userAgent: string;
  /** `svix-*` headers beside the `webhook-*` ones. */
  readonly svixHeaders: boolean;
  readonly retry: RetryPolicy;
  readonly breaker: BreakerPolicy;
  readonly failing: FailingPolicy;
  readonly concurrency: ConcurrencyPolicy;
  readonly slots: SlotSettings;
  readonly memory: MemorySettings;
  readonly recorder: RecorderSettings;
  /** How long `stop()` lets requests finish before it cuts them short. */
  readonly drainMs: number;
  readonly expirySweepMs: number;
}

export interface SlotSettings {
  /** Requests under way, waiting for an answer or not. */
  readonly total: number;
  /** Requests that still cost CPU time: those younger than `activeMs`. */
  readonly active: number;
  readonly activeMs: number;
  /** A request older than this, or answers that take longer on average, make a lane slow. */
  readonly slowMs: number;
  /** What one endpoint may have under way before it answered for the first time. */
  readonly unprovenPerLane: number;
  /** What one slow endpoint may have under way when slow ones crowd. */
  readonly slowPerLane: number;
}

export interface MemorySettings {
  readonly laneRows: number;
  readonly laneBytes: number;
  /** Bodies held over all lanes, those under way included. */
  readonly totalBytes: number;
  /** Lanes at rest that are kept for what is known of their endpoint. */
  readonly idleLanes: number;
  readonly readsAtOnce: number;
}

export interface RecorderSettings {
  readonly batch: number;
  /** More outcomes than this not written: nothing new is sent. */
  readonly maxUnrecorded: number;
  readonly retryMs: number;
  readonly maxRetryMs: number;
  /** How long a stop waits for a store that cannot be written. */
  readonly drainMs: number;
  /** The shortest time between two writes of one lane. */
  readonly laneEveryMs: number;
}

export const defaultDispatchSettings: DispatchSettings = {
  worker: "worker",
  userAgent: "Posthorn/0.0.0",
  svixHeaders: false,
  retry: defaultRetryPolicy,
  breaker: defaultBreakerPolicy,
  failing: defaultFailingPolicy,
  concurrency: defaultConcurrencyPolicy,
  slots: {
    total: 2048,
    active: 64,
    activeMs: 25,
    slowMs: 1000,
    unprovenPerLane: 2,
    slowPerLane: 3,
  },
  memory: {
    laneRows: 1024,
    laneBytes: 4 * 2 ** 20,
    totalBytes: 64 * 2 ** 20,
    idleLanes: 10_000,
    readsAtOnce: 8,
  },
  recorder: {
    batch: 500,
    maxUnrecorded: 2000,
    retryMs: 100,
    maxRetryMs: 5000,
    drainMs: 3000,
    laneEveryMs: 1000,
  },
  // With the grace for what was cut short and the recorder's own: ten seconds in all.
  drainMs: 6000,
  expirySweepMs: 1000,
};
