import { probeFirst } from "../domain/breaker.ts";
import { slowStart } from "../domain/concurrency.ts";
import { notFailing } from "../domain/failing.ts";
import type { DeliveryId, EndpointId } from "../domain/ids.ts";
import { createRateLimit } from "../domain/rate-limit.ts";
import type { FeedItem, LaneStart, QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import { bounded, useUp } from "./application-rates.ts";
import type { Engine } from "./engine.ts";
import { noteUnread } from "./lane.ts";
import type { Lane, Reading } from "./lane.ts";
import type { Tenure } from "./tenures.ts";

/** Takes what the store tells: new deliveries and changed targets. */
export interface Intake {
  take(items: readonly FeedItem[]): void;
  /** A target that was looked up; `undefined`: the store has no such endpoint. */
  loaded(endpoint: EndpointId, target: Target | undefined): void;
}

// Publishers' steady clocks began at another moment and may be a little ahead.
const clockSkewMs = 100;
// A rate counts the starts of one second: for so long, what the last owner sent still counts.
const rateWindowMs = 1000;

/** `load` looks an endpoint's target up. */
export function createIntake(engine: Engine, load: (endpoint: EndpointId) => void): Intake {
  return new FeedIntake(engine, load);
}

class FeedIntake implements Intake {
  readonly #engine: Engine;
  readonly #load: (endpoint: EndpointId) => void;

  constructor(engine: Engine, load: (endpoint: EndpointId) => void) {
    this.#engine = engine;
    this.#load = load;
  }

  take(items: readonly FeedItem[]): void {
    for (const item of items) {
      switch (item.kind) {
        case "committed":
          for (const delivery of item.deliveries) this.#receive(delivery);
          break;
        case "waiting":
          for (const start of item.lanes) this.#announce(start);
          break;
        case "changed":
          for (const target of item.targets) this.#change(target);
          break;
        case "changes-missed":
          this.#lookAllUp();
          break;
      }
    }
  }

  loaded(endpoint: EndpointId, target: Target | undefined): void {
    const lane = this.#engine.lanes.find(endpoint);
    if (lane === undefined) return;
    if (target === undefined) {
      lane.missing = true;
      this.#engine.look(lane);
    } else {
      this.#apply(lane, target);
    }
  }

  #announce(start: LaneStart): void {
    const lane = this.#engine.lanes.findOrCreate(start.endpoint);
    noteUnread(lane, start.due);
    this.#engine.look(lane);
  }

  #receive(delivery: QueuedDelivery): void {
    const { lanes, windows, parts } = this.#engine;
    const now = parts.clock.now();
    const lane = lanes.findOrCreate(delivery.endpoint);
    const place = lane.places.get(delivery.id);
    if (place === "under-way") {
      if (delivery.rule === "manual") askAgain(lane, delivery.id);
    } else if (place === "recording" || delivery.due > now + clockSkewMs) {
      noteUnread(lane, delivery.due);
    } else if (this.#goesFirst(lane, delivery)) {
      windows.putFirst(lane, delivery);
    } else if (lane.reading !== undefined) {
      this.#arriveWhileReading(lane, lane.reading, delivery);
    } else {
      windows.admit(lane, delivery, this.#engine.pace(lane, now));
    }
    this.#engine.look(lane);
  }

  /** Asked for by a person: it takes its own place in the window, and may be a breaker's probe. */
  #goesFirst(lane: Lane, delivery: QueuedDelivery): boolean {
    if (delivery.rule !== "manual" || lane.target?.gate !== "open") return false;
    const { windows, parts } = this.#engine;
    const held = lane.window.find((other) => other.id === delivery.id);
    if (held !== undefined) windows.discard(lane, held);
    const shut = lane.breaker.state === "open" || lane.breaker.state === "probing";
    const room = lane.window.length < parts.settings.memory.laneRows;
    return held !== undefined || (shut && room);
  }

  #arriveWhileReading(lane: Lane, reading: Reading, delivery: QueuedDelivery): void {
    const { laneRows } = this.#engine.parts.settings.memory;
    if (reading.arrived.length < laneRows) reading.arrived.push(delivery);
    else noteUnread(lane, delivery.due);
  }

  #lookAllUp(): void {
    for (const { endpoint, target } of this.#engine.lanes.all()) {
      if (target !== undefined) this.#load(endpoint);
    }
  }

  #change(target: Target): void {
    const { lanes, rates, parts } = this.#engine;
    const deleted = target.gate === "endpoint-deleted" || target.gate === "application-deleted";
    const lane = deleted ? lanes.findOrCreate(target.endpoint) : lanes.find(target.endpoint);
    // The rate of an application comes with the target of each of its endpoints.
    if (lane !== undefined) this.#apply(lane, target);
    else rates.change(target.application, target.applicationThrottleRate, parts.clock.now());
  }

  #apply(lane: Lane, target: Target): void {
    const now = this.#engine.parts.clock.now();
    const tenure = this.#engine.tenures.find(target.partition);
    if (tenure === undefined) return this.#engine.drop(lane);
    const before = lane.target;
    lane.target = target;
    lane.tenure = tenure;
    lane.missing = false;
    // It was closed when the last owner ended.
    if (before === undefined && target.gate !== "open") lane.suspectBefore = null;
    this.#applyRates(lane, target, tenure);
    switch (target.gate) {
      case "open":
        if (before?.gate === "disabled") this.#enable(lane, now);
        if (before !== undefined && before.gate !== "open") lane.releasedAt = now;
        break;
      case "paused":
      case "disabled":
        break;
      case "endpoint-deleted":
      case "application-deleted":
        if (before?.gate !== target.gate) noteUnread(lane, now);
        this.#engine.windows.clear(lane);
        break;
    }
    this.#engine.look(lane);
  }

  #applyRates(lane: Lane, target: Target, tenure: Tenure): void {
    const { rates, parts } = this.#engine;
    const now = parts.clock.now();
    const { application, throttleRate, applicationThrottleRate } = target;
    const justStarted = now - tenure.since < rateWindowMs;
    rates.change(application, applicationThrottleRate, now);
    if (justStarted && !tenure.usedUp.has(application)) {
      tenure.usedUp.add(application);
      rates.useUp(application, now);
    }
    if (throttleRate === null) {
      lane.rate = undefined;
    } else if (lane.rate !== undefined) {
      lane.rate.change(bounded(throttleRate), now);
    } else {
      lane.rate = createRateLimit(bounded(throttleRate));
      if (justStarted) useUp(lane.rate, throttleRate, now);
    }
  }

  #enable(lane: Lane, now: number): void {
    const troubled = lane.failing.since !== null || lane.breaker.state !== "closed";
    lane.failing = notFailing;
    lane.askedToWaitUntil = null;
    lane.averageMs = undefined;
    lane.concurrency = slowStart(now);
    if (troubled) lane.breaker = probeFirst(now);
    this.#engine.laneWrites.changed(lane);
  }
}

function askAgain(lane: Lane, delivery: DeliveryId): void {
  for (const flight of lane.flights) if (flight.delivery.id === delivery) flight.askedAgain = true;
}
