import type { Clock } from "../../src/ports/clock.ts";

export interface FakeClock extends Clock {
  /** Moves the time on, running what is due in order, and lets promises settle in between. */
  advance(ms: number): Promise<void>;
  /** Lets promises settle, the time standing still. */
  settle(): Promise<void>;
  /** Jumps the wall's clock only, as an administrator or a time server would. */
  moveWall(ms: number): void;
  /** How many timers are set. */
  timers(): number;
}

export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let time = startMs;
  let wallAhead = 0;
  const byTime = new Map<number, Set<() => void>>();
  // Sorted lazily: times are added far more often than the next one is asked for.
  let times: number[] = [];
  let sorted = true;

  function nextAt(): number {
    if (!sorted) times = [...new Set(times)].sort((a, b) => b - a);
    sorted = true;
    for (let at = times.at(-1); at !== undefined; at = times.at(-1)) {
      if ((byTime.get(at)?.size ?? 0) > 0) return at;
      byTime.delete(at);
      times.pop();
    }
    return Infinity;
  }

  function runDue(): void {
    for (let at = nextAt(); at <= time; at = nextAt()) {
      const [first] = byTime.get(at) ?? [];
      if (first === undefined) return;
      byTime.get(at)?.delete(first);
      first();
    }
  }

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    now: () => time,
    wallMs: () => time + wallAhead,
    at(atMs, run) {
      const key = Math.max(atMs, time);
      const timer = (): void => run();
      const others = byTime.get(key);
      if (others === undefined) {
        byTime.set(key, new Set([timer]));
        times.push(key);
        sorted = false;
      } else {
        others.add(timer);
      }
      return () => void byTime.get(key)?.delete(timer);
    },
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (let at = nextAt(); at <= end; at = nextAt()) {
        time = Math.max(time, at);
        runDue();
        await settle();
      }
      time = end;
    },
    settle,
    moveWall(ms) {
      wallAhead += ms;
    },
    timers: () => [...byTime.values()].reduce((sum, timers) => sum + timers.size, 0),
  };
}
