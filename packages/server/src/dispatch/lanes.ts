import type { EndpointId } from "../domain/ids.ts";
import type { LaneRecord } from "../domain/lane.ts";
import { Lane } from "./lane.ts";
import { restoreLane, toRecord } from "./lane-record.ts";
import type { DispatchSettings } from "./settings.ts";
import type { Timers } from "./timers.ts";

/**
 * The lanes of endpoints that have work or state. A lane at rest may stay for what is known of its
 * endpoint (target, pace, rate), as one of the `idleLanes` last used.
 */
export interface Lanes {
  find(endpoint: EndpointId): Lane | undefined;
  findOrCreate(endpoint: EndpointId): Lane;
  restore(record: LaneRecord, now: number): void;
  /** Nothing waits in it: it may be dropped when others need the room. */
  rest(lane: Lane, now: number): void;
  drop(lane: Lane): void;
  all(): Iterable<Lane>;
  /** Lanes with work or state. */
  busy(): number;
  size(): number;
}

const triesPerRest = 4;

export function createLanes(
  settings: DispatchSettings,
  timers: Timers,
  look: (lane: Lane) => void,
): Lanes {
  const lanes = new Map<EndpointId, Lane>();
  const resting = new Set<Lane>();

  function findOrCreate(endpoint: EndpointId): Lane {
    const known = lanes.get(endpoint);
    if (known !== undefined) {
      resting.delete(known);
      return known;
    }
    const made = new Lane(endpoint, settings.concurrency, (lane) =>
      timers.create(() => look(lane)),
    );
    lanes.set(endpoint, made);
    return made;
  }

  function drop(lane: Lane): void {
    lane.timer.clear();
    resting.delete(lane);
    lanes.delete(lane.endpoint);
  }

  function shrink(now: number): void {
    let tries = 0;
    for (const oldest of resting) {
      if (resting.size <= settings.memory.idleLanes || tries === triesPerRest) return;
      tries += 1;
      // A rate that was just used must not be forgotten, nor a record that has to go yet.
      if (oldest.written === undefined && (oldest.rate?.waitMs(now) ?? 0) === 0) {
        drop(oldest);
      } else {
        resting.delete(oldest);
        resting.add(oldest);
      }
    }
  }

  return {
    find: (endpoint) => lanes.get(endpoint),
    findOrCreate,
    drop,
    restore: (record, now) => restoreLane(findOrCreate(record.endpoint), record, now, settings),
    rest(lane, now) {
      // One that was dropped may still be looked at once.
      if (lanes.get(lane.endpoint) !== lane) return;
      if (toRecord(lane, now, settings) !== undefined) return;
      resting.delete(lane);
      resting.add(lane);
      shrink(now);
    },
    all: () => lanes.values(),
    busy: () => lanes.size - resting.size,
    size: () => lanes.size,
  };
}
