import type { EndpointEvent } from "../domain/endpoint.ts";
import type { DisableByRule, RecordBatch, Settlement } from "../ports/dispatch-store.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import type { DispatcherParts } from "./parts.ts";
import type { LaneWrites } from "./lane-writes.ts";
import type { RecorderSettings } from "./settings.ts";
import type { Timer, Timers } from "./timers.ts";

/** What has to be in one commit. */
export interface Entry<T> {
  readonly lane: T;
  readonly settlement: Settlement;
  readonly events: readonly EndpointEvent[];
  readonly disable: DisableByRule | undefined;
}

/**
 * Group commit of outcomes: one `record` is under way at a time, and all that finished meanwhile
 * goes into the next. What the store cannot take now is kept, and tried again.
 */
export interface Recorder<T> {
  add(entry: Entry<T>): void;
  /** Lanes may want to be written: looks when the store is free. */
  touch(): void;
  /** Resolves when all is recorded that was to be at the call, or the recorder has ended. */
  flushed(): Promise<void>;
  /** False while so much is unrecorded, or the store so unable, that nothing may be sent. */
  hasRoom(): boolean;
  unrecorded(): number;
  /**
   * Resolves when everything is recorded, lanes included, or the recorder has given up: after
   * `drainMs`, what it could not write stays waiting in the store and is sent again.
   */
  drain(): Promise<void>;
}

export interface RecorderParts<T> {
  readonly parts: Pick<DispatcherParts, "store" | "clock" | "log" | "settings">;
  readonly timers: Timers;
  readonly laneWrites: LaneWrites;
  readonly epoch: () => number;
  readonly onRecorded: (entries: readonly Entry<T>[]) => void;
  readonly onFatal: (error: Error) => void;
}

export function createRecorder<T>(given: RecorderParts<T>): Recorder<T> {
  return new GroupRecorder(given);
}

type RecorderState = "free" | "soon" | "recording" | "failing" | "ended";

class GroupRecorder<T> implements Recorder<T> {
  readonly #given: RecorderParts<T>;
  readonly #settings: RecorderSettings;
  readonly #later: Timer;
  #pending: Entry<T>[] = [];
  #recording: readonly Entry<T>[] = [];
  #state: RecorderState = "free";
  #draining = false;
  #drained: (() => void)[] = [];
  /** Who waits for the next batch, and for the one that is under way. */
  #flushing: (() => void)[] = [];
  #written: (() => void)[] = [];
  #endPause = (): void => {};

  constructor(given: RecorderParts<T>) {
    this.#given = given;
    this.#settings = given.parts.settings.recorder;
    this.#later = given.timers.create(() => this.touch());
  }

  add(entry: Entry<T>): void {
    this.#pending.push(entry);
    this.touch();
  }

  touch(): void {
    if (this.#state !== "free") return;
    this.#state = "soon";
    // What finishes in the same turn of the event loop shares the commit.
    queueMicrotask(() => {
      if (this.#state !== "soon") return;
      this.#state = "free";
      this.#flush();
    });
  }

  flushed(): Promise<void> {
    if (this.#state === "ended") return Promise.resolve();
    return new Promise((resolve) => {
      this.#flushing.push(resolve);
      this.touch();
    });
  }

  hasRoom(): boolean {
    switch (this.#state) {
      case "free":
      case "soon":
      case "recording":
        return this.unrecorded() < this.#settings.maxUnrecorded;
      case "failing":
      case "ended":
        return false;
    }
  }

  unrecorded(): number {
    return this.#pending.length + this.#recording.length;
  }

  drain(): Promise<void> {
    this.#draining = true;
    if (this.#state === "ended") return Promise.resolve();
    const { clock } = this.#given.parts;
    const cancel = clock.at(clock.now() + this.#settings.drainMs, () => this.#giveUp());
    return new Promise((resolve) => {
      this.#drained.push(() => {
        cancel();
        resolve();
      });
      this.#endPause();
      this.touch();
    });
  }

  #flush(): void {
    const { parts, laneWrites, epoch } = this.#given;
    const { lanes, restedLanes, nextAt } = laneWrites.take(parts.clock.now(), this.#draining);
    this.#recording = this.#pending.slice(0, this.#settings.batch);
    this.#pending = this.#pending.slice(this.#settings.batch);
    this.#written = this.#flushing.splice(0);
    if (this.#recording.length === 0 && lanes.length === 0 && restedLanes.length === 0) {
      this.#tellWritten();
      if (nextAt !== null) this.#later.set(nextAt);
      this.#finishDrain();
      return;
    }
    this.#state = "recording";
    void this.#write({ epoch: epoch(), ...toBatch(this.#recording), lanes, restedLanes });
  }

  /** The batch stays the same until it is written: nothing says which part of it failed. */
  async #write(batch: RecordBatch): Promise<void> {
    const { parts } = this.#given;
    const { retryMs, maxRetryMs } = this.#settings;
    for (let failures = 0; this.#state !== "ended"; failures += 1) {
      try {
        this.#recorded(await parts.store.record(batch));
        return;
      } catch (cause) {
        if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
          this.#end(new Error("the store cannot record what was sent", { cause }));
          return;
        }
        parts.log.warn(
          { fault: cause.fault, unrecorded: this.unrecorded() },
          "the store cannot record outcomes: trying again, sending is held up",
        );
      }
      this.#state = "failing";
      const backoffMs = Math.min(retryMs * 2 ** Math.min(failures, 20), maxRetryMs);
      // A stop has no time to wait for long.
      await this.#pause(this.#draining ? retryMs : backoffMs);
    }
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#given.parts;
    return new Promise((resolve) => {
      const cancel = clock.at(clock.now() + ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  #recorded(answer: "recorded" | "lease-lost"): void {
    if (this.#state === "ended") return;
    if (answer === "lease-lost") {
      this.#end(new Error("another worker owns the partitions now"));
      return;
    }
    const done = this.#recording;
    this.#recording = [];
    this.#state = "free";
    this.touch();
    this.#tellWritten();
    this.#given.onRecorded(done);
  }

  #end(error: Error): void {
    this.#state = "ended";
    this.#finishDrain();
    this.#given.onFatal(error);
  }

  /** A store that cannot be written must not keep the process from ending. */
  #giveUp(): void {
    this.#state = "ended";
    this.#given.parts.log.error(
      { unrecorded: this.unrecorded() },
      "the store cannot record outcomes: ending without them; these deliveries are sent again",
    );
    this.#finishDrain();
  }

  #finishDrain(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
    if (this.#state !== "ended") return;
    this.#written.push(...this.#flushing.splice(0));
    this.#tellWritten();
  }

  #tellWritten(): void {
    for (const resolve of this.#written.splice(0)) resolve();
  }
}

function toBatch<T>(
  entries: readonly Entry<T>[],
): Pick<RecordBatch, "settlements" | "events" | "disables"> {
  return {
    settlements: entries.map((entry) => entry.settlement),
    events: entries.flatMap((entry) => entry.events),
    disables: entries.flatMap((entry) => entry.disable ?? []),
  };
}
