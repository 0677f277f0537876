import type { Pace } from "./pace.ts";
import { createRing } from "./ring.ts";
import type { Ring, RingNode } from "./ring.ts";
import type { SlotSettings } from "./settings.ts";

/** A request under way, as its slot counts it. */
export interface Slot {
  /** Frees it; a second time does nothing. */
  free(): void;
}

/**
 * Requests under way, counted twice.
 *
 * Work: a request younger than `activeMs` costs CPU time; each pace has its own bound on those, so
 * that no pace waits for another. Waiting: all requests share `total`. What slow endpoints hold
 * ends at 60 % of it, and a request that gets older than `slowMs` counts as theirs. Endpoints that
 * never answered may add half of what is left below 90 %: each new one halves the room again, so
 * that there is always some for the next. Endpoints that answer fast may use all.
 */
export interface Slots {
  admits(pace: Pace, now: number): boolean;
  begin(pace: Pace, now: number): Slot;
  /** How many one lane of this pace may have under way just now. */
  perLane(pace: Pace): number;
  /** When time alone will admit more; `null`: not before a request ends. */
  nextChange(): number | null;
  underWay(): number;
  /** Under way by pace, for figures. */
  count(pace: Pace): number;
}

interface Request {
  readonly startedAt: number;
  readonly activePace: Pace;
  pace: Pace;
}

const slowShare = 0.6;
const unprovenShare = 0.9;
// Of the active slots: paces have bounds of their own, so that none starves the others.
const activeShares = { fast: 1, unproven: 0.5, slow: 0.25 } as const;

export function createSlots(settings: SlotSettings): Slots {
  const counts = { fast: 0, unproven: 0, slow: 0 };
  const active = { fast: 0, unproven: 0, slow: 0 };
  const activeOnes: Ring<Request> = createRing();
  const youngOnes: Ring<Request> = createRing();
  let total = 0;
  const maxSlow = Math.max(1, Math.floor(settings.total * slowShare));
  const maxUnproven = Math.max(1, Math.floor(settings.total * unprovenShare));

  function leaveActive(node: RingNode<Request>): void {
    if (!node.linked) return;
    activeOnes.remove(node);
    active[node.value.activePace] -= 1;
  }

  function grow(now: number): void {
    for (let n = activeOnes.first(); n !== undefined && isOld(n, now); n = activeOnes.first()) {
      leaveActive(n);
    }
    for (let n = youngOnes.first(); n !== undefined && isSlow(n, now); n = youngOnes.first()) {
      youngOnes.remove(n);
      counts[n.value.pace] -= 1;
      n.value.pace = "slow";
      counts.slow += 1;
    }
  }

  const isOld = (n: RingNode<Request>, now: number): boolean =>
    now - n.value.startedAt >= settings.activeMs;
  const isSlow = (n: RingNode<Request>, now: number): boolean =>
    now - n.value.startedAt >= settings.slowMs;

  function hasRoom(pace: Pace): boolean {
    if (total >= settings.total) return false;
    switch (pace) {
      case "fast":
        return true;
      case "unproven":
        return counts.unproven < Math.ceil((maxUnproven - counts.slow) / 2);
      case "slow":
        return counts.slow < maxSlow;
    }
  }

  return {
    admits(pace, now) {
      grow(now);
      const most = Math.max(1, Math.floor(settings.active * activeShares[pace]));
      return active[pace] < most && hasRoom(pace);
    },
    begin(pace, now) {
      const request: Request = { startedAt: now, activePace: pace, pace };
      const inActive = activeOnes.push(request);
      const inYoung = youngOnes.push(request);
      counts[pace] += 1;
      active[pace] += 1;
      total += 1;
      let held = true;
      return {
        free() {
          if (!held) return;
          held = false;
          leaveActive(inActive);
          youngOnes.remove(inYoung);
          counts[request.pace] -= 1;
          total -= 1;
        },
      };
    },
    perLane(pace) {
      switch (pace) {
        case "fast":
          return Infinity;
        case "unproven":
          return settings.unprovenPerLane;
        case "slow":
          return counts.slow * 2 >= maxSlow ? settings.slowPerLane : Infinity;
      }
    },
    nextChange() {
      const oldestActive = activeOnes.first()?.value.startedAt;
      const oldestYoung = youngOnes.first()?.value.startedAt;
      const times = [
        oldestActive === undefined ? Infinity : oldestActive + settings.activeMs,
        oldestYoung === undefined ? Infinity : oldestYoung + settings.slowMs,
      ];
      const first = Math.min(...times);
      return first === Infinity ? null : first;
    },
    underWay: () => total,
    count: (pace) => counts[pace],
  };
}
