import type { EndpointEvent } from "../domain/endpoint.ts";
import type { DisableByRule, RecordBatch, Settlement } from "../ports/dispatch-store.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import type { DispatcherParts } from "./parts.ts";
import type { LaneWrites } from "./lane-writes.ts";
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
  /** False while so much is unrecorded, or the store so unable, that nothing may be sent. */
  hasRoom(): boolean;
  unrecorded(): number;
  /** Resolves when everything is recorded, lanes included, or the recorder has given up. */
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
  const { parts, timers, laneWrites, epoch, onRecorded, onFatal } = given;
  const { batch: maxBatch, maxUnrecorded, retryMs, maxRetryMs } = parts.settings.recorder;
  let pending: Entry<T>[] = [];
  let recording: readonly Entry<T>[] = [];
  let state: "free" | "soon" | "recording" | "failing" | "ended" = "free";
  let draining = false;
  let drained: (() => void)[] = [];
  const later: Timer = timers.create(soon);

  function soon(): void {
    if (state !== "free") return;
    state = "soon";
    // What finishes in the same turn of the event loop shares the commit.
    queueMicrotask(() => {
      if (state !== "soon") return;
      state = "free";
      flush();
    });
  }

  function flush(): void {
    const lanes = laneWrites.take(parts.clock.now(), draining);
    recording = pending.slice(0, maxBatch);
    pending = pending.slice(maxBatch);
    if (recording.length === 0 && lanes.lanes.length === 0 && lanes.restedLanes.length === 0) {
      if (lanes.nextAt !== null) later.set(lanes.nextAt);
      return finishDrain();
    }
    state = "recording";
    void write({
      epoch: epoch(),
      ...toBatch(recording),
      lanes: lanes.lanes,
      restedLanes: lanes.restedLanes,
    });
  }

  async function write(batch: RecordBatch): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        return recorded(await parts.store.record(batch));
      } catch (cause) {
        if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
          return end(new Error("the store cannot record what was sent", { cause }));
        }
        if (state === "ended") return;
        parts.log.warn(
          { fault: cause.fault, unrecorded: pending.length + recording.length },
          "the store cannot record outcomes: trying again, sending is held up",
        );
      }
      state = "failing";
      await pause(Math.min(retryMs * 2 ** Math.min(failures, 20), maxRetryMs));
    }
  }

  function recorded(answer: "recorded" | "lease-lost"): void {
    if (answer === "lease-lost") return end(new Error("another worker owns the partitions now"));
    const done = recording;
    recording = [];
    state = "free";
    onRecorded(done);
    soon();
  }

  function end(error: Error): void {
    state = "ended";
    finishDrain();
    onFatal(error);
  }

  function finishDrain(): void {
    for (const resolve of drained.splice(0)) resolve();
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => parts.clock.at(parts.clock.now() + ms, resolve));

  return {
    add(entry) {
      pending.push(entry);
      soon();
    },
    touch: soon,
    hasRoom: () =>
      (state === "free" || state === "soon" || state === "recording") &&
      pending.length + recording.length < maxUnrecorded,
    unrecorded: () => pending.length + recording.length,
    drain() {
      draining = true;
      if (state === "ended") return Promise.resolve();
      return new Promise((resolve) => {
        drained.push(resolve);
        soon();
      });
    },
  };
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
