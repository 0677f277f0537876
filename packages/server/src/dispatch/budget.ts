import type { Pace } from "./pace.ts";

/**
 * Bytes of bodies in memory, waiting in lanes' windows or under way. Slow lanes may hold 60 % of
 * them, those never proven 90 % together with the slow ones, fast ones all.
 */
export interface Budget {
  /** How much more lanes of this pace may hold; negative when they hold too much. */
  room(pace: Pace): number;
  held(): number;
  /** `bytes` may be negative: given back. */
  change(pace: Pace, bytes: number): void;
  isHalfFull(): boolean;
}

export function createBudget(totalBytes: number): Budget {
  const held = { fast: 0, unproven: 0, slow: 0 };
  const all = (): number => held.fast + held.unproven + held.slow;
  return {
    room(pace) {
      const rest = totalBytes - all();
      if (pace === "fast") return rest;
      const belowUnproven = Math.min(rest, totalBytes * 0.9 - held.unproven - held.slow);
      return pace === "unproven"
        ? belowUnproven
        : Math.min(belowUnproven, totalBytes * 0.6 - held.slow);
    },
    held: all,
    change(pace, bytes) {
      held[pace] += bytes;
    },
    isHalfFull: () => all() * 2 >= totalBytes,
  };
}
