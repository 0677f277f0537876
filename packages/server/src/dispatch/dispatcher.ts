import type { Takeover } from "../ports/dispatch-store.ts";
import type { OwnershipChange, PartitionSharing } from "../ports/partition-sharing.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import { byOrder, createDepartures } from "./departures.ts";
import type { Departures } from "./departures.ts";
import { createEngine } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { createExpiry } from "./expiry.ts";
import type { Expiry } from "./expiry.ts";
import { createIntake } from "./intake.ts";
import type { Intake } from "./intake.ts";
import { noteUnread } from "./lane.ts";
import type { Lane } from "./lane.ts";
import type { DispatcherParts } from "./parts.ts";
import { createReader } from "./reader.ts";
import type { Reader } from "./reader.ts";
import { createScheduler } from "./scheduler.ts";
import type { Scheduler } from "./scheduler.ts";
import { createSending } from "./sending.ts";
import type { Sending } from "./sending.ts";
import { createTargetLoader } from "./targets.ts";
import type { TargetLoader } from "./targets.ts";

/** The delivery engine: `lane.ts` says how it works, `scheduler.ts` drives it. */
export interface Dispatcher {
  /** Takes the partitions over and begins to send. Rejects when the store cannot be read. */
  start(): Promise<void>;
  /**
   * Begins nothing more, lets what is under way finish for `drainMs`, cuts the rest short, and
   * resolves when all of it is recorded, however long the store needs for that.
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
// Between cutting requests short and settling those that do not even end then.
const abortGraceMs = 1000;

export function createDispatcher(parts: DispatcherParts): Dispatcher {
  return new OwningDispatcher(parts);
}

type Life = "new" | "starting" | "running" | "stopping" | "ended";

class OwningDispatcher implements Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #engine: Engine;
  readonly #sending: Sending;
  readonly #reader: Reader;
  readonly #intake: Intake;
  readonly #loader: TargetLoader;
  readonly #expiry: Expiry;
  readonly #scheduler: Scheduler;
  readonly #departures: Departures | undefined;
  #life: Life = "new";
  #retiring = false;
  #epoch = 0;
  /** What was told before the takeover was answered. */
  #early: (() => void)[] = [];
  #noteEmpty = (): void => {};

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    const fail = (error: Error): void => this.#fail(error);
    const engine = createEngine(parts, {
      epoch: () => this.#epoch,
      look: (lane) => this.#scheduler.look(lane),
      resume: () => this.#scheduler.resume(),
      fail,
    });
    const sending = createSending(engine, (lane) => this.#flightEnded(lane));
    const reader = createReader(engine, (lane, row) => sending.interrupted(lane, row));
    const intake = createIntake(engine, (endpoint) => loader.load(endpoint));
    const loader = createTargetLoader(
      parts.store,
      (endpoint, target) => intake.loaded(endpoint, target),
      (what, read) => this.#guard(what, read),
    );
    const isRunning = (): boolean => this.#isRunning();
    this.#engine = engine;
    this.#sending = sending;
    this.#reader = reader;
    this.#intake = intake;
    this.#expiry = createExpiry(engine);
    this.#scheduler = createScheduler({ engine, sending, reader, loader, isRunning });
    this.#loader = loader;
    const { sharing } = parts;
    this.#departures = sharing === undefined ? undefined : createDepartures(engine, sharing);
  }

  async start(): Promise<void> {
    if (this.#life !== "new") throw new Error("a dispatcher starts once");
    this.#life = "starting";
    this.#parts.feed.listen((items) => this.#hear(() => this.#intake.take(items)));
    this.#parts.sharing?.onOwnership((change) => this.#hear(() => this.#moveOwnership(change)));
    const takeover = await this.#parts.store.takeOver(this.#parts.settings.worker);
    if (!this.#isStarting()) return;
    this.#restore(takeover);
    this.#life = "running";
    for (const take of this.#early.splice(0)) take();
    for (const lane of this.#engine.lanes.all()) this.#scheduler.look(lane);
    this.#expiry.start();
  }

  #hear(take: () => void): void {
    if (this.#life === "starting") this.#early.push(take);
    else if (this.#life === "running") take();
  }

  #moveOwnership(change: OwnershipChange): void {
    switch (change.kind) {
      case "gained": {
        this.#restore(change.takeover);
        const { lanes, records } = change.takeover;
        for (const { endpoint } of [...lanes, ...records]) {
          const lane = this.#engine.lanes.find(endpoint);
          if (lane !== undefined) this.#scheduler.look(lane);
        }
        return;
      }
      case "leave":
        void this.#departures?.leave(change.partitions);
        return;
      case "lost":
        return this.#departures?.lose(change.partitions);
      case "renewed":
        return this.#scheduler.resume();
    }
  }

  async stop(): Promise<void> {
    if (this.#life !== "running" || this.#retiring) {
      if (this.#life === "new" || this.#life === "starting") this.#life = "ended";
      return;
    }
    const { sharing } = this.#parts;
    if (sharing !== undefined) {
      this.#retiring = true;
      await this.#retire(sharing);
      if (!this.#isRunning()) return;
    }
    this.#life = "stopping";
    this.#departures?.stop();
    this.#halt();
    await this.#emptied(this.#parts.settings.drainMs);
    this.#sending.abortAll();
    await this.#emptied(abortGraceMs);
    this.#sending.giveUp();
    for (const lane of this.#scheduler.watched()) this.#engine.laneWrites.changed(lane);
    await this.#engine.recorder.drain();
    await this.#release();
    this.#life = "ended";
  }

  /** Gives each partition to another worker as soon as nothing is under way in it. */
  async #retire(sharing: PartitionSharing): Promise<void> {
    const { clock, log, settings } = this.#parts;
    const partitions = Array.from(this.#engine.tenures.all(), ({ partition }) => partition);
    try {
      await sharing.retire();
    } catch (cause) {
      log.warn({ error: String(cause) }, "the store cannot note that this worker stops");
      return;
    }
    const enough = clock.now() + settings.drainMs + abortGraceMs;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.at(enough, resolve);
    await Promise.race([this.#departures?.leave(partitions), promise]);
    cancel();
  }

  /** Unless the next owner has to know that there was a crash, this one or that before. */
  async #release(): Promise<void> {
    const { recorder, parts, tenures } = this.#engine;
    if (recorder.unrecorded() > 0) return;
    const groups = byOrder(this.#engine, [...tenures.all()]);
    try {
      if (parts.sharing === undefined) {
        if (groups.every(({ inOrder }) => inOrder)) await parts.store.release(this.#epoch);
        return;
      }
      for (const { inOrder, tenures: some } of groups) {
        await parts.sharing.handOver(
          some.map(({ partition }) => partition),
          inOrder,
        );
      }
    } catch (cause) {
      parts.log.warn({ error: String(cause) }, "the store cannot note that this stop was in order");
    }
  }

  figures(): DispatcherFigures {
    const { lanes, slots, windows, budget, recorder } = this.#engine;
    return {
      lanes: lanes.size(),
      busyLanes: lanes.busy(),
      underWay: slots.underWay(),
      heldRows: windows.rows(),
      heldBytes: budget.held(),
      unrecorded: recorder.unrecorded(),
      started: this.#sending.started(),
    };
  }

  #isRunning(): boolean {
    return this.#life === "running";
  }

  /** `stop()` may have come while the takeover was under way. */
  #isStarting(): boolean {
    return this.#life === "starting";
  }

  #restore(takeover: Takeover): void {
    const { lanes, tenures } = this.#engine;
    const now = this.#parts.clock.now();
    this.#epoch = takeover.epoch;
    tenures.gain(takeover.partitions, now);
    for (const record of takeover.records) {
      lanes.restore(record, now);
      // Which says whose it is: a lane of another worker must not stay here.
      if (this.#parts.sharing !== undefined) this.#loader.load(record.endpoint);
    }
    for (const { endpoint, due } of takeover.lanes) {
      const lane = lanes.findOrCreate(endpoint);
      noteUnread(lane, due);
      const isClosed = lane.written?.breaker === "open";
      if (takeover.afterCrash && !isClosed) lane.suspectBefore = now;
    }
    const partitions = takeover.partitions.length;
    if (partitions === 0) return;
    const { afterCrash, lanes: waiting } = takeover;
    this.#parts.log.info({ partitions, afterCrash, lanes: waiting.length }, "took partitions over");
  }

  #flightEnded(lane: Lane): void {
    this.#scheduler.flightEnded(lane);
    if (this.#engine.slots.underWay() === 0) this.#noteEmpty();
  }

  #emptied(withinMs: number): Promise<void> {
    const { clock } = this.#parts;
    if (this.#engine.slots.underWay() === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.at(clock.now() + withinMs, resolve);
      this.#noteEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Runs a read, or waits a while when the store could not; false when there is no more to do. */
  async #guard(what: string, read: () => Promise<void>): Promise<boolean> {
    const { clock, log } = this.#parts;
    try {
      await read();
    } catch (cause) {
      if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
        this.#fail(new Error(`the store cannot be read: ${what}`, { cause }));
        return false;
      }
      log.warn({ fault: cause.fault, what }, "the store cannot be read: trying again");
      await new Promise<void>((resolve) => clock.at(clock.now() + retryReadMs, resolve));
    }
    return this.#life === "running";
  }

  #fail(error: Error): void {
    if (this.#life === "ended") return;
    this.#life = "ended";
    this.#halt();
    this.#sending.abortAll();
    this.#parts.onFatal(error);
  }

  #halt(): void {
    this.#reader.stop();
    this.#expiry.stop();
    this.#engine.timers.clearAll();
  }
}
