import type { EndpointId } from "../domain/ids.ts";
import type { LaneRecord } from "../domain/lane.ts";
import type { Lane } from "./lane.ts";
import { sameRecord, toRecord } from "./lane-record.ts";
import type { DispatchSettings } from "./settings.ts";

/** Which lanes the next commit writes: those that differ, each at most once a second. */
export interface LaneWrites {
  changed(lane: Lane): void;
  /** A delivery that the store has as "sending" ended: the lane goes into the same commit. */
  mustChange(lane: Lane): void;
  take(now: number, all: boolean): LanesToWrite;
}

export interface LanesToWrite {
  readonly lanes: readonly LaneRecord[];
  readonly restedLanes: readonly EndpointId[];
  /** When a lane that changed may be written again. */
  readonly nextAt: number | null;
}

export function createLaneWrites(settings: DispatchSettings): LaneWrites {
  const changed = new Map<Lane, "when-due" | "at-once">();
  return {
    changed(lane) {
      if (!changed.has(lane)) changed.set(lane, "when-due");
    },
    mustChange: (lane) => void changed.set(lane, "at-once"),
    take(now, all) {
      const lanes: LaneRecord[] = [];
      const restedLanes: EndpointId[] = [];
      let nextAt: number | null = null;
      for (const [lane, when] of changed) {
        const dueAt = lane.writtenAt + settings.recorder.laneEveryMs;
        if (!all && when === "when-due" && dueAt > now) {
          nextAt = Math.min(nextAt ?? Infinity, dueAt);
          continue;
        }
        changed.delete(lane);
        if (lane.tenure?.state === "over") continue;
        const record = toRecord(lane, now, settings);
        if (sameRecord(record, lane.written)) continue;
        lane.written = record;
        lane.writtenAt = now;
        if (record === undefined) restedLanes.push(lane.endpoint);
        else lanes.push(record);
      }
      return { lanes, restedLanes, nextAt };
    },
  };
}
