import type { Clock } from "../ports/clock.ts";
import { newSteering, Steering } from "./steering.ts";

// setTimeout fires at once for a delay that does not fit 32 bits.
const longestTimerMs = 2 ** 31 - 1;
/** The machine's timers do not go with a steered time: none is late by more than a twentieth of it. */
const longestSteeredTimerMs = 10_000;

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
  /** The time follows that of a database instead of this machine's, see `Steering`. */
  readonly steering?: SharedArrayBuffer;
}

export function clockOrigin(): ClockOrigin {
  return { wallMs: Date.now(), monotonicMs: monotonicMs() };
}

/** Nobody may read a clock of it before its `Steering` has been told a time. */
export function steeredOrigin(): ClockOrigin & { readonly steering: SharedArrayBuffer } {
  return { ...clockOrigin(), steering: newSteering() };
}

/** A clock that takes the wall's time once, at `origin`, and then follows the monotonic one. */
export function createSystemClock(origin: ClockOrigin = clockOrigin()): Clock {
  if (origin.steering !== undefined) return createSteeredClock(new Steering(origin.steering));
  const offsetMs = origin.wallMs - origin.monotonicMs;
  const now = (): number => Math.floor(offsetMs + monotonicMs());
  return { now, wallMs: () => Date.now(), at: timersOf(now, longestTimerMs) };
}

function createSteeredClock(steering: Steering): Clock {
  const now = (): number => {
    const monotonic = monotonicMs();
    return Math.floor(monotonic + steering.aheadMs(monotonic));
  };
  return {
    now,
    wallMs: () => Math.floor(monotonicMs() + steering.lastAheadMs()),
    at: timersOf(now, longestSteeredTimerMs),
  };
}

/** A long one is cut into pieces of `longestMs`. */
function timersOf(now: () => number, longestMs: number): Clock["at"] {
  return (atMs, run) => {
    let timer: NodeJS.Timeout | undefined;
    function wait(): void {
      const restMs = atMs - now();
      // A timer may fire a fraction early.
      if (timer !== undefined && restMs <= 0) return run();
      timer = setTimeout(wait, Math.min(Math.max(0, restMs), longestMs));
    }
    wait();
    return () => clearTimeout(timer);
  };
}

/** The system's monotonic clock, the same in every thread. */
export function monotonicMs(): number {
  return threadStartMs + performance.now();
}
