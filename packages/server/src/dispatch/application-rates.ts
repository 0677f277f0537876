import type { ApplicationId } from "../domain/ids.ts";
import { createRateLimit } from "../domain/rate-limit.ts";
import type { RateLimit } from "../domain/rate-limit.ts";
import type { Timer, Timers } from "./timers.ts";

/**
 * The rates that all endpoints of an application share. It is exact because all of them are in
 * one partition, so one owner sees every start.
 */
export interface ApplicationRates<T> {
  change(application: ApplicationId, perSecond: number | null, now: number): void;
  /** After a takeover: as if the last owner had used up this second. */
  useUp(application: ApplicationId, now: number): void;
  waitMs(application: ApplicationId, now: number): number;
  take(application: ApplicationId, now: number): void;
  /** Queues a lane until the rate has room; first come, first served. */
  queue(application: ApplicationId, lane: T, now: number): void;
}

interface Shared<T> {
  perSecond: number;
  readonly rate: RateLimit;
  readonly waiting: Set<T>;
  readonly timer: Timer;
}

export function createApplicationRates<T>(
  timers: Timers,
  clock: { now(): number },
  wake: (lane: T) => void,
): ApplicationRates<T> {
  const shared = new Map<ApplicationId, Shared<T>>();

  function release(one: Shared<T>): void {
    const now = clock.now();
    // As many as the second can hold: those that find it used up queue again.
    let left = one.perSecond;
    for (const lane of Array.from(one.waiting)) {
      if (left === 0) break;
      one.waiting.delete(lane);
      left -= 1;
      wake(lane);
    }
    if (one.waiting.size > 0) one.timer.set(now + Math.max(1, one.rate.waitMs(now)));
  }

  function create(perSecond: number): Shared<T> {
    const one: Shared<T> = {
      perSecond,
      rate: createRateLimit(bounded(perSecond)),
      waiting: new Set(),
      timer: timers.create(() => release(one)),
    };
    return one;
  }

  return {
    change(application, perSecond, now) {
      const one = shared.get(application);
      if (perSecond === null) {
        shared.delete(application);
        one?.timer.clear();
        for (const lane of one?.waiting ?? []) wake(lane);
      } else if (one === undefined) {
        shared.set(application, create(perSecond));
      } else if (one.perSecond !== perSecond) {
        one.perSecond = perSecond;
        one.rate.change(bounded(perSecond), now);
        if (one.waiting.size > 0) one.timer.set(now);
      }
    },
    useUp(application, now) {
      const one = shared.get(application);
      if (one !== undefined) useUp(one.rate, one.perSecond, now);
    },
    waitMs: (application, now) => shared.get(application)?.rate.waitMs(now) ?? 0,
    take: (application, now) => shared.get(application)?.rate.take(now),
    queue(application, lane, now) {
      const one = shared.get(application);
      if (one === undefined) return wake(lane);
      one.waiting.add(lane);
      one.timer.set(now + Math.max(1, one.rate.waitMs(now)));
    },
  };
}

// What a rate limit can count; no dispatcher starts more than that in a second.
const mostPerSecond = 100_000;

/** A configured rate as one that can be counted. */
export function bounded(perSecond: number): number {
  return Math.min(perSecond, mostPerSecond);
}

/** As if all that this second allows had started just now. */
export function useUp(rate: RateLimit, perSecond: number, now: number): void {
  for (let i = 0; i < bounded(perSecond); i += 1) rate.take(now);
}
