/** How many attempts may start in a second. Exact, because one worker owns the endpoint. */

const windowMs = 1000;
const maxPerSecond = 100_000;
const firstCapacity = 16;

/** Times are in ms of one clock, which may stand still or go back. */
export interface RateLimit {
  /** 0 when a start would leave at most `perSecond` starts in each window [t, t + 1000). */
  waitMs(now: number): number;
  /** Records a start, also one that was made without asking. */
  take(now: number): void;
  /** What started in the last second counts against the new limit. */
  change(perSecond: number, now: number): void;
}

/** `perSecond` is an integer from 1 to 100,000. Memory grows with the starts of one second. */
export function createRateLimit(perSecond: number): RateLimit {
  let limit = checked(perSecond);
  const starts = createTimes();
  return {
    waitMs(now) {
      starts.forget(now);
      if (starts.count() < limit) return 0;
      // Once this start is out of the window, limit - 1 are left in it.
      return starts.at(starts.count() - limit) + windowMs - now;
    },
    take(now) {
      starts.forget(now);
      starts.add(now);
    },
    change(next, now) {
      limit = checked(next);
      starts.forget(now);
    },
  };
}

function checked(perSecond: number): number {
  if (Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= maxPerSecond) return perSecond;
  throw new RangeError(`a rate is 1 to ${maxPerSecond} a second, not ${perSecond}`);
}

interface Times {
  count(): number;
  /** The oldest is at 0. */
  at(index: number): number;
  add(time: number): void;
  /** Drops what a window that ends now no longer holds. */
  forget(now: number): void;
}

/** A ring of ascending times that doubles when it is full. */
function createTimes(): Times {
  let ring = new Float64Array(firstCapacity);
  let first = 0;
  let count = 0;

  const slot = (index: number): number => (first + index) % ring.length;
  const at = (index: number): number => ring[slot(index)] ?? 0;

  function grow(): void {
    const larger = new Float64Array(ring.length * 2);
    for (let i = 0; i < count; i += 1) larger[i] = at(i);
    ring = larger;
    first = 0;
  }

  return {
    count: () => count,
    at,
    add(time) {
      if (count === ring.length) grow();
      ring[slot(count)] = time;
      count += 1;
    },
    forget(now) {
      while (count > 0 && now - at(0) >= windowMs) {
        first = slot(1);
        count -= 1;
      }
      // After the clock went back, a start that lies ahead would hold up everything until the
      // clock is there again. It counts as one of now: at most a second too long, never too short.
      for (let i = count - 1; i >= 0 && at(i) > now; i -= 1) ring[slot(i)] = now;
    },
  };
}
