import type { QueuedDelivery } from "../ports/dispatch-store.ts";
import type { Budget } from "./budget.ts";
import { bodyBytes, holds, noteUnread } from "./lane.ts";
import type { Lane } from "./lane.ts";
import type { Pace } from "./pace.ts";
import type { DispatchSettings } from "./settings.ts";

/** What a lane holds in memory, within the lane's bounds and those over all lanes. */
export interface Windows {
  /** How many rows it is worth to read for the lane. */
  wanted(lane: Lane, pace: Pace): number;
  /** Takes a delivery that comes after all that is held, or leaves it to a read. */
  admit(lane: Lane, delivery: QueuedDelivery, pace: Pace): void;
  /** Takes what a read brought: it is there, so it counts whether there is room or not. */
  push(lane: Lane, delivery: QueuedDelivery): void;
  /** Before all others: somebody asked for it now. */
  putFirst(lane: Lane, delivery: QueuedDelivery): void;
  /** Takes the first one out; its body stays counted until `release`. */
  shift(lane: Lane): QueuedDelivery | undefined;
  /** Takes one out for good. */
  discard(lane: Lane, delivery: QueuedDelivery): void;
  release(lane: Lane, delivery: QueuedDelivery): void;
  /** The lane closed: leaves all that waits to the store. */
  clear(lane: Lane): void;
  /** Memory is short and the lane slow: leaves what it cannot use soon to the store. */
  trim(lane: Lane): void;
  /** What the lane holds counts as that of its pace. */
  countAs(lane: Lane, pace: Pace): void;
  rows(): number;
}

export function createWindows(settings: DispatchSettings, budget: Budget): Windows {
  return new CountedWindows(settings, budget);
}

class CountedWindows implements Windows {
  readonly #settings: DispatchSettings;
  readonly #budget: Budget;
  #rows = 0;

  constructor(settings: DispatchSettings, budget: Budget) {
    this.#settings = settings;
    this.#budget = budget;
  }

  wanted(lane: Lane, pace: Pace): number {
    const { memory, slots } = this.#settings;
    if (lane.breaker.state === "open" || lane.breaker.state === "probing") return 1;
    const most = Math.min(memory.laneRows, lane.target?.throttleRate ?? memory.laneRows);
    const { limit } = lane.concurrency;
    switch (pace) {
      case "fast":
        return this.#budget.isHalfFull() ? Math.min(most, Math.max(16, limit * 4)) : most;
      case "unproven":
        return Math.min(most, slots.unprovenPerLane * 2);
      case "slow":
        return Math.min(most, Math.max(1, limit - lane.flights.size));
    }
  }

  admit(lane: Lane, delivery: QueuedDelivery, pace: Pace): void {
    // Something older lies unread: this one will be read after it.
    if (lane.unread !== null && lane.unread <= delivery.due) return;
    if (holds(lane, delivery.id)) return;
    if (this.#hasRoom(lane, delivery, pace)) this.push(lane, delivery);
    else noteUnread(lane, delivery.due);
  }

  push(lane: Lane, delivery: QueuedDelivery): void {
    lane.window.push(delivery);
    lane.places.set(delivery.id, "window");
    this.#rows += 1;
    this.#count(lane, bodyBytes(delivery));
  }

  putFirst(lane: Lane, delivery: QueuedDelivery): void {
    lane.window.unshift(delivery);
    lane.places.set(delivery.id, "window");
    this.#rows += 1;
    this.#count(lane, bodyBytes(delivery));
  }

  shift(lane: Lane): QueuedDelivery | undefined {
    const first = lane.window.shift();
    if (first === undefined) return undefined;
    lane.places.delete(first.id);
    this.#rows -= 1;
    return first;
  }

  discard(lane: Lane, delivery: QueuedDelivery): void {
    const index = lane.window.indexOf(delivery);
    if (index < 0) return;
    lane.window.splice(index, 1);
    lane.places.delete(delivery.id);
    this.#rows -= 1;
    this.#count(lane, -bodyBytes(delivery));
  }

  release(lane: Lane, delivery: QueuedDelivery): void {
    this.#count(lane, -bodyBytes(delivery));
  }

  clear(lane: Lane): void {
    if (lane.reading !== undefined) lane.reading.unwanted = true;
    for (const delivery of lane.window) {
      noteUnread(lane, delivery.due);
      lane.places.delete(delivery.id);
      this.#count(lane, -bodyBytes(delivery));
    }
    this.#rows -= lane.window.length;
    lane.window = [];
  }

  trim(lane: Lane): void {
    if (!this.#budget.isHalfFull()) return;
    const most = this.wanted(lane, "slow");
    while (lane.window.length > most) {
      const last = lane.window.pop();
      if (last === undefined) return;
      lane.places.delete(last.id);
      this.#rows -= 1;
      noteUnread(lane, last.due);
      this.#count(lane, -bodyBytes(last));
    }
  }

  countAs(lane: Lane, pace: Pace): void {
    if (lane.heldAs === pace) return;
    this.#budget.change(lane.heldAs, -lane.heldBytes);
    this.#budget.change(pace, lane.heldBytes);
    lane.heldAs = pace;
  }

  rows(): number {
    return this.#rows;
  }

  #hasRoom(lane: Lane, delivery: QueuedDelivery, pace: Pace): boolean {
    const { laneRows, laneBytes } = this.#settings.memory;
    const most = this.#budget.isHalfFull() ? this.wanted(lane, pace) : laneRows;
    const bytes = bodyBytes(delivery);
    if (lane.window.length >= most) return false;
    if (lane.window.length > 0 && lane.heldBytes + bytes > laneBytes) return false;
    return bytes <= this.#budget.room(pace);
  }

  #count(lane: Lane, bytes: number): void {
    lane.heldBytes += bytes;
    this.#budget.change(lane.heldAs, bytes);
  }
}
