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
  /** What the lane holds counts as that of its pace. */
  countAs(lane: Lane, pace: Pace): void;
  rows(): number;
}

export function createWindows(settings: DispatchSettings, budget: Budget): Windows {
  const { laneRows, laneBytes } = settings.memory;
  let rows = 0;

  function change(lane: Lane, bytes: number): void {
    lane.heldBytes += bytes;
    budget.change(lane.heldAs, bytes);
  }

  function wanted(lane: Lane, pace: Pace): number {
    if (lane.breaker.state === "open" || lane.breaker.state === "probing") return 1;
    const byRate = Math.min(laneRows, lane.target?.throttleRate ?? laneRows);
    const byConcurrency = lane.concurrency.limit - lane.flights.size;
    switch (pace) {
      case "fast":
        return budget.isHalfFull()
          ? Math.min(byRate, Math.max(16, lane.concurrency.limit * 4))
          : byRate;
      case "unproven":
        return Math.min(byRate, settings.slots.unprovenPerLane * 2);
      case "slow":
        return Math.min(byRate, Math.max(1, byConcurrency));
    }
  }

  function hasRoom(lane: Lane, delivery: QueuedDelivery, pace: Pace): boolean {
    const most = budget.isHalfFull() ? wanted(lane, pace) : laneRows;
    const bytes = bodyBytes(delivery);
    if (lane.window.length >= most) return false;
    if (lane.window.length > 0 && lane.heldBytes + bytes > laneBytes) return false;
    return bytes <= budget.room(pace);
  }

  function push(lane: Lane, delivery: QueuedDelivery): void {
    lane.window.push(delivery);
    rows += 1;
    change(lane, bodyBytes(delivery));
  }

  return {
    wanted,
    push,
    admit(lane, delivery, pace) {
      // Something older lies unread: this one will be read after it.
      if (lane.unread !== null && lane.unread <= delivery.due) return;
      if (holds(lane, delivery.id)) return;
      if (hasRoom(lane, delivery, pace)) push(lane, delivery);
      else noteUnread(lane, delivery.due);
    },
    putFirst(lane, delivery) {
      lane.window.unshift(delivery);
      rows += 1;
      change(lane, bodyBytes(delivery));
    },
    shift(lane) {
      const first = lane.window.shift();
      if (first !== undefined) rows -= 1;
      return first;
    },
    discard(lane, delivery) {
      const index = lane.window.indexOf(delivery);
      if (index < 0) return;
      lane.window.splice(index, 1);
      rows -= 1;
      change(lane, -bodyBytes(delivery));
    },
    release: (lane, delivery) => change(lane, -bodyBytes(delivery)),
    clear(lane) {
      if (lane.reading !== undefined) lane.reading.unwanted = true;
      for (const delivery of lane.window) {
        noteUnread(lane, delivery.due);
        change(lane, -bodyBytes(delivery));
      }
      rows -= lane.window.length;
      lane.window = [];
    },
    countAs(lane, pace) {
      if (lane.heldAs === pace) return;
      budget.change(lane.heldAs, -lane.heldBytes);
      budget.change(pace, lane.heldBytes);
      lane.heldAs = pace;
    },
    rows: () => rows,
  };
}
