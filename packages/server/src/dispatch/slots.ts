import type { Pace } from "./pace.ts";
import { Ring, unlinked } from "../domain/ring.ts";
import type { Linked } from "../domain/ring.ts";
import type { SlotSettings } from "./settings.ts";

/** A request under way, as the slots count it; what it holds is theirs. */
export class Slot {
  readonly startedAt: number;
  readonly activePace: Pace;
  /** May become slow. */
  pace: Pace;
  held = true;
  readonly inActive: Place = { slot: this, ...unlinked };
  readonly inYoung: Place = { slot: this, ...unlinked };

  constructor(pace: Pace, startedAt: number) {
    this.startedAt = startedAt;
    this.activePace = pace;
    this.pace = pace;
  }
}

/** A slot's place in one of the two rings. */
interface Place extends Linked<Place> {
  readonly slot: Slot;
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
  /** Frees it; a second time does nothing. */
  end(slot: Slot): void;
  /** How many one lane of this pace may have under way just now. */
  perLane(pace: Pace): number;
  /** When time alone will admit more; `null`: not before a request ends. */
  nextChange(): number | null;
  underWay(): number;
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
  readonly #activeOnes = new Ring<Place>();
  readonly #youngOnes = new Ring<Place>();
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
    const slot = new Slot(pace, now);
    this.#activeOnes.push(slot.inActive);
    this.#youngOnes.push(slot.inYoung);
    this.#counts[pace] += 1;
    this.#active[pace] += 1;
    this.#total += 1;
    return slot;
  }

  end(slot: Slot): void {
    if (!slot.held) return;
    slot.held = false;
    this.#leaveActive(slot);
    this.#youngOnes.remove(slot.inYoung);
    this.#counts[slot.pace] -= 1;
    this.#total -= 1;
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
    const oldestActive = oldest(this.#activeOnes)?.startedAt ?? Infinity;
    const oldestYoung = oldest(this.#youngOnes)?.startedAt ?? Infinity;
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
    for (let slot = oldest(this.#activeOnes); slot !== undefined; slot = oldest(this.#activeOnes)) {
      if (slot.startedAt > now - activeMs) break;
      this.#leaveActive(slot);
    }
    for (let slot = oldest(this.#youngOnes); slot !== undefined; slot = oldest(this.#youngOnes)) {
      if (slot.startedAt > now - slowMs) break;
      this.#youngOnes.remove(slot.inYoung);
      this.#counts[slot.pace] -= 1;
      slot.pace = "slow";
      this.#counts.slow += 1;
    }
  }

  #leaveActive(slot: Slot): void {
    if (!slot.inActive.linked) return;
    this.#activeOnes.remove(slot.inActive);
    this.#active[slot.activePace] -= 1;
  }
}

function oldest(ring: Ring<Place>): Slot | undefined {
  return ring.first?.slot;
}
