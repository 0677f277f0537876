import type { LaneLimit } from "../domain/lane.ts";
import type { FeedItem, Takeover } from "../ports/dispatch-store.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import { createEngine } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { createExpiry } from "./expiry.ts";
import { createIntake } from "./intake.ts";
import { noteUnread } from "./lane.ts";
import type { Lane } from "./lane.ts";
import { noteLimit, sameRecord, toRecord } from "./lane-record.ts";
import type { DispatcherParts } from "./parts.ts";
import { createReader } from "./reader.ts";
import { createSending } from "./sending.ts";
import { isShut } from "./step.ts";
import type { Step } from "./step.ts";
import { createTargetLoader } from "./targets.ts";
import { createTurns } from "./turns.ts";

export interface Dispatcher {
  /** Takes the partitions over and begins to send. Rejects when the store cannot be read. */
  start(): Promise<void>;
  /**
   * Begins nothing more, lets what is under way finish for `drainMs`, cuts the rest short, and
   * resolves when all of it is recorded.
   */
  stop(): Promise<void>;
  figures(): DispatcherFigures;
}

export interface DispatcherFigures {
  /** Lanes in memory, those at rest included. */
  readonly lanes: number;
  /** Lanes with work or state. */
  readonly busyLanes: number;
  readonly underWay: number;
  /** Deliveries waiting in memory, and the bytes of bodies held for them and those under way. */
  readonly heldRows: number;
  readonly heldBytes: number;
  readonly unrecorded: number;
  /** Attempts since the start. */
  readonly started: number;
}

const retryReadMs = 500;
const observeMs = 1000;
// Between cutting requests short and settling those that do not even end then.
const abortGraceMs = 1000;

export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { clock, settings, store } = parts;
  const turns = createTurns<Lane>();
  const watched = new Set<Lane>();
  let life: "new" | "starting" | "running" | "stopping" | "ended" = "new";
  let epoch = 0;
  let startedAt = 0;
  let pumpIsSoon = false;
  let early: FeedItem[] = [];
  let noteEmpty = (): void => {};

  const engine: Engine = createEngine(parts, { epoch: () => epoch, look, fail });
  const { timers, slots, recorder } = engine;
  const sending = createSending(engine, flightEnded);
  const reader = createReader(engine, sending.interrupted);
  const intake = createIntake(engine, () => startedAt);
  const loader = createTargetLoader(store, intake.loaded, guard);
  const expiry = createExpiry(engine);
  const slotTimer = timers.create(pump);
  const observer = timers.create(observe);

  function look(lane: Lane): void {
    const pace = engine.pace(lane);
    engine.windows.countAs(lane, pace);
    if (life !== "running") return;
    const step = engine.step(lane);
    noteLimit(lane, limitOf(step), clock.now());
    if (step.kind !== "send") turns.remove(lane);
    if (isShut(step)) engine.windows.clear(lane);
    if (lane.limit !== undefined) watch(lane);
    act(lane, step);
  }

  function act(lane: Lane, step: Step): void {
    lane.timer.clear();
    switch (step.kind) {
      case "idle":
        return rest(lane);
      case "load":
        return loader.load(lane.endpoint);
      case "discard":
      case "read":
        return reader.request(lane);
      case "closed":
      case "busy":
        return;
      case "until":
        return lane.timer.set(step.at);
      case "shared":
        return engine.rates.queue(engine.application(lane), lane, clock.now());
      case "send":
        turns.add(lane, engine.application(lane), engine.pace(lane));
        return pumpSoon();
    }
  }

  function rest(lane: Lane): void {
    if (lane.written !== undefined) {
      engine.laneWrites.changed(lane);
      recorder.touch();
    }
    engine.lanes.rest(lane, clock.now());
  }

  function pumpSoon(): void {
    if (pumpIsSoon) return;
    pumpIsSoon = true;
    queueMicrotask(pump);
  }

  /** Gives free slots to lanes, in turn. */
  function pump(): void {
    pumpIsSoon = false;
    const now = clock.now();
    while (life === "running" && recorder.hasRoom()) {
      const lane = turns.take((pace) => slots.admits(pace, now));
      if (lane === undefined) break;
      // It may have become slow while it waited; then it waits on, among those.
      const step = slots.admits(engine.pace(lane), now) ? engine.step(lane) : undefined;
      if (step?.kind === "send") begin(lane, step.probe);
      look(lane);
    }
    const at = turns.size() > 0 ? slots.nextChange() : null;
    if (at === null || life !== "running") slotTimer.clear();
    else slotTimer.set(at);
  }

  function begin(lane: Lane, probe: boolean): void {
    sending.begin(lane, probe);
    watch(lane);
    const due = lane.unread !== null && lane.unread <= clock.now();
    const low = lane.window.length * 2 <= engine.windows.wanted(lane, engine.pace(lane));
    if (due && low && lane.reading === undefined) reader.request(lane);
  }

  function flightEnded(lane: Lane): void {
    look(lane);
    reader.pump();
    pumpSoon();
    if (slots.underWay() === 0) noteEmpty();
  }

  function watch(lane: Lane): void {
    if (watched.size === 0) observer.set(clock.now() + observeMs);
    watched.add(lane);
  }

  /** Once a second: what lasts long enough to be worth writing. */
  function observe(): void {
    const now = clock.now();
    for (const lane of watched) {
      if (!sameRecord(toRecord(lane, now, settings), lane.written)) {
        engine.laneWrites.changed(lane);
      }
      if (lane.flights.size === 0 && lane.limit === undefined) watched.delete(lane);
      look(lane);
    }
    recorder.touch();
    if (watched.size > 0) observer.set(now + observeMs);
  }

  /** Runs a read, again after a while when the store could not; false when it is over. */
  async function guard(what: string, read: () => Promise<void>): Promise<boolean> {
    try {
      await read();
    } catch (cause) {
      if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
        fail(new Error(`the store cannot be read: ${what}`, { cause }));
        return false;
      }
      parts.log.warn({ fault: cause.fault, what }, "the store cannot be read: trying again");
      await pause(retryReadMs);
    }
    return life === "running";
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => clock.at(clock.now() + ms, resolve));

  function fail(error: Error): void {
    if (life === "ended") return;
    life = "ended";
    halt();
    sending.abortAll();
    parts.onFatal(error);
  }

  function halt(): void {
    reader.stop();
    expiry.stop();
    timers.clearAll();
  }

  async function start(): Promise<void> {
    if (life !== "new") throw new Error("a dispatcher starts once");
    life = "starting";
    parts.feed.listen((items) => {
      if (life === "starting") early.push(...items);
      else if (life === "running") intake.take(items);
    });
    const takeover = await store.takeOver(settings.worker);
    if (life !== "starting") return;
    epoch = takeover.epoch;
    startedAt = clock.now();
    restore(takeover);
    life = "running";
    intake.take(early);
    early = [];
    for (const lane of engine.lanes.all()) look(lane);
    expiry.start();
    parts.log.info({ epoch, lanes: takeover.lanes.length }, "took over");
  }

  function restore(takeover: Takeover): void {
    for (const record of takeover.records) engine.lanes.restore(record, startedAt);
    for (const { endpoint, due } of takeover.lanes) {
      noteUnread(engine.lanes.findOrCreate(endpoint), due);
    }
  }

  async function stop(): Promise<void> {
    if (life === "ended" || life === "new") {
      life = "ended";
      return;
    }
    life = "stopping";
    halt();
    await emptied(settings.drainMs);
    sending.abortAll();
    await emptied(abortGraceMs);
    sending.giveUp();
    for (const lane of watched) engine.laneWrites.changed(lane);
    await recorder.drain();
    life = "ended";
  }

  function emptied(withinMs: number): Promise<void> {
    if (slots.underWay() === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.at(clock.now() + withinMs, resolve);
      noteEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  return {
    start,
    stop,
    figures: () => ({
      lanes: engine.lanes.size(),
      busyLanes: engine.lanes.busy(),
      underWay: slots.underWay(),
      heldRows: engine.windows.rows(),
      heldBytes: engine.budget.held(),
      unrecorded: recorder.unrecorded(),
      started: sending.started(),
    }),
  };
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
