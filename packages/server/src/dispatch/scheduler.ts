import type { LaneLimit } from "../domain/lane.ts";
import type { Engine } from "./engine.ts";
import { forgetTrouble, isDeleted } from "./lane.ts";
import type { Lane } from "./lane.ts";
import { noteLimit, sameRecord, toRecord } from "./lane-record.ts";
import type { Reader } from "./reader.ts";
import type { Sending } from "./sending.ts";
import { isShut } from "./step.ts";
import type { Step } from "./step.ts";
import type { TargetLoader } from "./targets.ts";
import type { Timer } from "./timers.ts";
import { createTurns } from "./turns.ts";

/** Sees to what each lane does next, and gives the slots to lanes in turn. */
export interface Scheduler {
  /** Decides what the lane does next, and sees to it. To be called after each change of it. */
  look(lane: Lane): void;
  /** A request of the lane ended. */
  flightEnded(lane: Lane): void;
  /** Outcomes were recorded: there may be room for more. */
  resume(): void;
  /** Lanes whose record may have to be written before the end. */
  watched(): Iterable<Lane>;
}

export interface SchedulerParts {
  readonly engine: Engine;
  readonly sending: Sending;
  readonly reader: Reader;
  readonly loader: TargetLoader;
  readonly isRunning: () => boolean;
}

const observeMs = 1000;

export function createScheduler(parts: SchedulerParts): Scheduler {
  return new TurnScheduler(parts);
}

class TurnScheduler implements Scheduler {
  readonly #parts: SchedulerParts;
  readonly #engine: Engine;
  readonly #turns = createTurns<Lane>((lane) => lane.sendSeat);
  readonly #watched = new Set<Lane>();
  readonly #slotTimer: Timer;
  readonly #observer: Timer;
  #pumpIsSoon = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#slotTimer = parts.engine.timers.create(() => this.#pump());
    this.#observer = parts.engine.timers.create(() => this.#observe());
  }

  look(lane: Lane): void {
    this.#lookAt(lane, this.#engine.parts.clock.now());
  }

  #lookAt(lane: Lane, now: number): void {
    const { windows } = this.#engine;
    const pace = this.#engine.pace(lane, now);
    windows.countAs(lane, pace);
    if (!this.#parts.isRunning()) return;
    const step = this.#engine.step(lane, now);
    noteLimit(lane, limitOf(step), now);
    if (step.kind !== "send") this.#turns.remove(lane);
    if (isShut(step)) windows.clear(lane);
    else if (pace === "slow") windows.trim(lane);
    if (lane.limit !== undefined) this.#watch(lane);
    lane.timer.clear();
    this.#act(lane, step, now);
  }

  flightEnded(lane: Lane): void {
    this.look(lane);
    this.#parts.reader.pump();
    this.#pumpSoon();
  }

  resume(): void {
    if (this.#turns.size() > 0) this.#pumpSoon();
  }

  watched(): Iterable<Lane> {
    return this.#watched;
  }

  #act(lane: Lane, step: Step, now: number): void {
    const { rates } = this.#engine;
    const application = this.#engine.application(lane);
    switch (step.kind) {
      case "idle":
        this.#rest(lane);
        break;
      case "load":
        this.#parts.loader.load(lane.endpoint);
        break;
      case "discard":
      case "read":
        this.#parts.reader.request(lane);
        break;
      case "closed":
      case "busy":
        break;
      case "until":
        lane.timer.set(step.at);
        break;
      case "shared":
        rates.queue(application, lane, now);
        break;
      case "send":
        this.#turns.add(lane, application, this.#engine.pace(lane, now));
        this.#pumpSoon();
        break;
    }
  }

  #rest(lane: Lane): void {
    const { laneWrites, recorder, lanes, parts } = this.#engine;
    if (isDeleted(lane)) forgetTrouble(lane);
    if (lane.written !== undefined) {
      laneWrites.changed(lane);
      recorder.touch();
    }
    lanes.rest(lane, parts.clock.now());
  }

  #pumpSoon(): void {
    if (this.#pumpIsSoon) return;
    this.#pumpIsSoon = true;
    queueMicrotask(() => this.#pump());
  }

  /** Gives free slots to lanes, in turn. */
  #pump(): void {
    this.#pumpIsSoon = false;
    const { slots, parts } = this.#engine;
    const now = parts.clock.now();
    while (this.#parts.isRunning() && this.#mayBegin()) {
      const lane = this.#turns.take((pace) => slots.admits(pace, now));
      if (lane === undefined) break;
      // It may have become slow while it waited; then it waits on, among those.
      const mayGo = slots.admits(this.#engine.pace(lane, now), now);
      const step = mayGo ? this.#engine.step(lane, now) : undefined;
      if (step?.kind === "send") this.#begin(lane, step.probe, now);
      this.#lookAt(lane, now);
    }
    // Without room to record, time alone admits nothing: `resume` is called when there is some.
    const waits = this.#turns.size() > 0 && this.#parts.isRunning() && this.#mayBegin();
    const at = waits ? slots.nextChange() : null;
    if (at === null) this.#slotTimer.clear();
    else this.#slotTimer.set(Math.max(at, now + 1));
  }

  #mayBegin(): boolean {
    const { recorder, parts } = this.#engine;
    return recorder.hasRoom() && (parts.sharing?.inForce() ?? true);
  }

  #begin(lane: Lane, probe: boolean, now: number): void {
    const { windows } = this.#engine;
    this.#parts.sending.begin(lane, probe);
    this.#watch(lane);
    // The next rows are fetched while the last ones of the window go out.
    const due = lane.unread !== null && lane.unread <= now;
    const low = lane.window.length * 2 <= windows.wanted(lane, this.#engine.pace(lane, now));
    if (due && low && lane.reading === undefined) this.#parts.reader.request(lane);
  }

  #watch(lane: Lane): void {
    if (this.#watched.size === 0) this.#observer.set(this.#engine.parts.clock.now() + observeMs);
    this.#watched.add(lane);
  }

  /** Once a second: what lasts long enough to be worth writing. */
  #observe(): void {
    const { laneWrites, recorder, parts } = this.#engine;
    const now = parts.clock.now();
    for (const lane of this.#watched) {
      if (!sameRecord(toRecord(lane, now, parts.settings), lane.written)) laneWrites.changed(lane);
      if (lane.flights.size === 0 && lane.limit === undefined) this.#watched.delete(lane);
      this.look(lane);
    }
    recorder.touch();
    if (this.#watched.size > 0) this.#observer.set(now + observeMs);
  }
}

function limitOf(step: Step): LaneLimit | null {
  switch (step.kind) {
    case "until":
    case "busy":
      return step.limitedBy;
    case "shared":
      return "application-rate";
    case "idle":
    case "load":
    case "discard":
    case "closed":
    case "read":
    case "send":
      return null;
  }
}
