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
  return new CountedSlots(settings);
}

class CountedSlots implements Slots {
  readonly #settings: SlotSettings;
  readonly #counts = { fast: 0, unproven: 0, slow: 0 };
  readonly #active = { fast: 0, unproven: 0, slow: 0 };
  readonly #activeOnes: Ring<Request> = createRing();
  readonly #youngOnes: Ring<Request> = createRing();
  readonly #maxSlow: number;
  readonly #maxUnproven: number;
  #total = 0;

  constructor(settings: SlotSettings) {
    this.#settings = settings;
    this.#maxSlow = Math.max(1, Math.floor(settings.total * slowShare));
    this.#maxUnproven = Math.max(1, Math.floor(settings.total * unprovenShare));
  }

  admits(pace: Pace, now: number): boolean {
    this.#age(now);
    const most = Math.max(1, Math.floor(this.#settings.active * activeShares[pace]));
    return this.#active[pace] < most && this.#hasRoom(pace);
  }

  begin(pace: Pace, now: number): Slot {
    const request: Request = { startedAt: now, activePace: pace, pace };
    const inActive = this.#activeOnes.push(request);
    const inYoung = this.#youngOnes.push(request);
    this.#counts[pace] += 1;
    this.#active[pace] += 1;
    this.#total += 1;
    let held = true;
    return {
      free: () => {
        if (!held) return;
        held = false;
        this.#leaveActive(inActive);
        this.#youngOnes.remove(inYoung);
        this.#counts[request.pace] -= 1;
        this.#total -= 1;
      },
    };
  }

  perLane(pace: Pace): number {
    switch (pace) {
      case "fast":
        return Infinity;
      case "unproven":
        return this.#settings.unprovenPerLane;
      case "slow":
        return this.#counts.slow * 2 >= this.#maxSlow ? this.#settings.slowPerLane : Infinity;
    }
  }

  nextChange(): number | null {
    const oldestActive = this.#activeOnes.first()?.value.startedAt ?? Infinity;
    const oldestYoung = this.#youngOnes.first()?.value.startedAt ?? Infinity;
    const { activeMs, slowMs } = this.#settings;
    const first = Math.min(oldestActive + activeMs, oldestYoung + slowMs);
    return first === Infinity ? null : first;
  }

  underWay(): number {
    return this.#total;
  }

  #hasRoom(pace: Pace): boolean {
    if (this.#total >= this.#settings.total) return false;
    const { unproven, slow } = this.#counts;
    switch (pace) {
      case "fast":
        return true;
      case "unproven":
        return unproven < Math.ceil((this.#maxUnproven - slow) / 2);
      case "slow":
        return slow < this.#maxSlow;
    }
  }

  /** Moves on what has become older than the bounds; both rings are in order of age. */
  #age(now: number): void {
    const { activeMs, slowMs } = this.#settings;
    for (
      let n = this.#activeOnes.first();
      isOlder(n, now - activeMs);
      n = this.#activeOnes.first()
    ) {
      this.#leaveActive(n);
    }
    for (let n = this.#youngOnes.first(); isOlder(n, now - slowMs); n = this.#youngOnes.first()) {
      this.#youngOnes.remove(n);
      this.#counts[n.value.pace] -= 1;
      n.value.pace = "slow";
      this.#counts.slow += 1;
    }
  }

  #leaveActive(node: RingNode<Request>): void {
    if (!node.linked) return;
    this.#activeOnes.remove(node);
    this.#active[node.value.activePace] -= 1;
  }
}

function isOlder(node: RingNode<Request> | undefined, than: number): node is RingNode<Request> {
  return node !== undefined && node.value.startedAt <= than;
}
