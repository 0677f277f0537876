import type { Clock } from "../ports/clock.ts";

// setTimeout fires at once for a delay that does not fit 32 bits.
const longestTimerMs = 2 ** 31 - 1;

// performance.now() counts from the start of its thread; hrtime, which does not, makes an array.
const threadStartMs = hrtimeMs() - performance.now();

function hrtimeMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** One moment on both clocks: threads that share it agree on the time to the microsecond. */
export interface ClockOrigin {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function clockOrigin(): ClockOrigin {
  return { wallMs: Date.now(), monotonicMs: monotonicMs() };
}

/** A clock that takes the wall's time once, at `origin`, and then follows the monotonic one. */
export function createSystemClock(origin: ClockOrigin = clockOrigin()): Clock {
  const offsetMs = origin.wallMs - origin.monotonicMs;
  const now = (): number => Math.floor(offsetMs + monotonicMs());
  return {
    now,
    wallMs: () => Date.now(),
    at(atMs, run) {
      let timer: NodeJS.Timeout | undefined;
      function wait(): void {
        const restMs = atMs - now();
        // A timer may fire a fraction early, and a long one is cut into pieces.
        if (timer !== undefined && restMs <= 0) return run();
        timer = setTimeout(wait, Math.min(Math.max(0, restMs), longestTimerMs));
      }
      wait();
      return () => clearTimeout(timer);
    },
  };
}

/** The system's monotonic clock, the same in every thread. */
function monotonicMs(): number {
  return threadStartMs + performance.now();
}
