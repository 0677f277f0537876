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

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let time = startMs;
  let wallAhead = 0;
  const waiting = new Set<Waiting>();

  function nextAt(): number {
    let first = Infinity;
    for (const { at } of waiting) first = Math.min(first, at);
    return first;
  }

  function runDue(): void {
    for (const timer of [...waiting].sort((a, b) => a.at - b.at)) {
      if (timer.at > time || !waiting.delete(timer)) continue;
      timer.run();
    }
  }

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    now: () => time,
    wallMs: () => time + wallAhead,
    at(atMs, run) {
      const timer = { at: atMs, run };
      waiting.add(timer);
      return () => void waiting.delete(timer);
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
    timers: () => waiting.size,
  };
}
