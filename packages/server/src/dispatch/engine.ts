import { toId } from "../domain/ids.ts";
import type { ApplicationId, DeliveryId } from "../domain/ids.ts";
import type { EndReason } from "../domain/reasons.ts";
import { createApplicationRates } from "./application-rates.ts";
import type { ApplicationRates } from "./application-rates.ts";
import { createBudget } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { noteUnread, paceOf } from "./lane.ts";
import type { Lane } from "./lane.ts";
import { createLaneWrites } from "./lane-writes.ts";
import type { LaneWrites } from "./lane-writes.ts";
import { createLanes } from "./lanes.ts";
import type { Lanes } from "./lanes.ts";
import type { Pace } from "./pace.ts";
import type { DispatcherParts } from "./parts.ts";
import { createRecorder } from "./recorder.ts";
import type { Entry, Recorder } from "./recorder.ts";
import { createSlots } from "./slots.ts";
import type { Slots } from "./slots.ts";
import { decideStep } from "./step.ts";
import type { Step } from "./step.ts";
import { createTenures } from "./tenures.ts";
import type { Tenures } from "./tenures.ts";
import { createTimers } from "./timers.ts";
import type { Timers } from "./timers.ts";
import { createWindows } from "./window.ts";
import type { Windows } from "./window.ts";

/** What the parts of the dispatcher share. */
export interface Engine {
  readonly parts: DispatcherParts;
  readonly timers: Timers;
  readonly tenures: Tenures;
  readonly lanes: Lanes;
  readonly slots: Slots;
  readonly budget: Budget;
  readonly windows: Windows;
  readonly rates: ApplicationRates<Lane>;
  readonly laneWrites: LaneWrites;
  readonly recorder: Recorder<Lane>;
  pace(lane: Lane, now: number): Pace;
  application(lane: Lane): ApplicationId;
  step(lane: Lane, now: number): Step;
  /** Decides what the lane does next, and sees to it. */
  look(lane: Lane): void;
  settle(lane: Lane, entry: Omit<Entry<Lane>, "lane">): void;
  discard(lane: Lane, delivery: DeliveryId, reason: EndReason): void;
  /** Forgets a lane that this worker has no more. */
  drop(lane: Lane): void;
  fail(error: Error): void;
}

export interface EngineHooks {
  readonly epoch: () => number;
  readonly look: (lane: Lane) => void;
  readonly resume: () => void;
  readonly fail: (error: Error) => void;
}

// The application of an endpoint that the store does not know: such lanes take turns as one.
const nobody = toId("application", 0);

export function createEngine(parts: DispatcherParts, hooks: EngineHooks): Engine {
  const { clock, settings } = parts;
  const timers = createTimers(clock);
  const slots = createSlots(settings.slots);
  const budget = createBudget(settings.memory.totalBytes);
  const laneWrites = createLaneWrites(settings);
  const rates = createApplicationRates<Lane>(timers, clock, hooks.look);
  const recorder = createRecorder<Lane>({
    parts,
    timers,
    laneWrites,
    epoch: hooks.epoch,
    onRecorded: (entries) => {
      noteRecorded(entries, hooks.look);
      hooks.resume();
    },
    onFatal: hooks.fail,
  });

  function pace(lane: Lane, now: number): Pace {
    return paceOf(lane, now, settings.slots.slowMs);
  }

  function application(lane: Lane): ApplicationId {
    return lane.target?.application ?? nobody;
  }

  function settle(lane: Lane, entry: Omit<Entry<Lane>, "lane">): void {
    // Another owner has it: what comes late changes nothing.
    if (lane.tenure?.state === "over") return;
    const delivery = deliveryOf(entry);
    if (lane.places.get(delivery) !== "recording") lane.recording += 1;
    lane.places.set(delivery, "recording");
    laneWrites.changed(lane);
    recorder.add({ lane, ...entry });
  }

  const tenures = createTenures();
  const windows = createWindows(settings, budget);
  const lanes = createLanes(settings, timers, hooks.look);

  return {
    parts,
    timers,
    tenures,
    slots,
    budget,
    rates,
    laneWrites,
    recorder,
    lanes,
    windows,
    pace,
    application,
    step(lane, now) {
      return decideStep(lane, {
        now,
        most: slots.perLane(pace(lane, now)),
        applicationWaitMs: rates.waitMs(application(lane), now),
      });
    },
    look: hooks.look,
    settle,
    discard(lane, delivery, reason) {
      const { endpoint } = lane;
      const settlement = {
        kind: "discard",
        delivery,
        endpoint,
        reason,
        at: clock.now(),
      } as const;
      settle(lane, { settlement, events: [], disable: undefined });
    },
    drop(lane) {
      windows.clear(lane);
      lanes.drop(lane);
    },
    fail: hooks.fail,
  };
}

function noteRecorded(entries: readonly Entry<Lane>[], look: (lane: Lane) => void): void {
  const lanes = new Set<Lane>();
  for (const entry of entries) {
    const { lane, settlement } = entry;
    if (lane.places.delete(deliveryOf(entry))) lane.recording -= 1;
    if (settlement.kind === "retry") noteUnread(lane, settlement.due);
    lanes.add(lane);
  }
  for (const lane of lanes) look(lane);
}

function deliveryOf(entry: Pick<Entry<Lane>, "settlement">): DeliveryId {
  const { settlement } = entry;
  return settlement.kind === "discard" ? settlement.delivery : settlement.attempt.delivery;
}
