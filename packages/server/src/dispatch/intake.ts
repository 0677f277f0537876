import { probeFirst } from "../domain/breaker.ts";
import { slowStart } from "../domain/concurrency.ts";
import { notFailing } from "../domain/failing.ts";
import type { EndpointId } from "../domain/ids.ts";
import { createRateLimit } from "../domain/rate-limit.ts";
import type { FeedItem, QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import type { Engine } from "./engine.ts";
import { noteUnread } from "./lane.ts";
import type { Lane } from "./lane.ts";

/** Takes what the store tells: new deliveries and changed targets. */
export interface Intake {
  /** `takenOver`: false while the answer to the takeover is not here; it covers what waits. */
  take(items: readonly FeedItem[]): void;
  /** A target that was looked up; `undefined`: the store has no such endpoint. */
  loaded(endpoint: EndpointId, target: Target | undefined): void;
}

// Publishers' steady clocks began at another moment and may be a little ahead.
const clockSkewMs = 100;
// A rate counts the starts of one second: for so long, what the last owner sent still counts.
const rateWindowMs = 1000;

export function createIntake(engine: Engine, startedAt: () => number): Intake {
  const { lanes, windows, rates, parts } = engine;
  const { clock, settings } = parts;

  function receive(delivery: QueuedDelivery): void {
    const lane = lanes.findOrCreate(delivery.endpoint);
    const now = clock.now();
    const flight = lane.flights.get(delivery.id);
    if (flight !== undefined) {
      flight.askedAgain ||= delivery.rule === "manual";
    } else if (lane.recording.has(delivery.id) || delivery.due > now + clockSkewMs) {
      noteUnread(lane, delivery.due);
    } else if (isProbeByHand(lane, delivery)) {
      windows.putFirst(lane, delivery);
    } else if (lane.reading !== undefined) {
      arriveWhileReading(lane, delivery);
    } else {
      windows.admit(lane, delivery, engine.pace(lane));
    }
    engine.look(lane);
  }

  function isProbeByHand(lane: Lane, delivery: QueuedDelivery): boolean {
    if (delivery.rule !== "manual" || lane.target?.gate !== "open") return false;
    const held = lane.window.find((other) => other.id === delivery.id);
    if (held !== undefined) windows.discard(lane, held);
    const shut = lane.breaker.state === "open" || lane.breaker.state === "probing";
    return held !== undefined || (shut && lane.window.length < settings.memory.laneRows);
  }

  function arriveWhileReading(lane: Lane, delivery: QueuedDelivery): void {
    const { reading } = lane;
    if (reading === undefined) return;
    if (reading.arrived.length < settings.memory.laneRows) reading.arrived.push(delivery);
    else noteUnread(lane, delivery.due);
  }

  function change(target: Target): void {
    const deleted = target.gate === "endpoint-deleted" || target.gate === "application-deleted";
    const lane = deleted ? lanes.findOrCreate(target.endpoint) : lanes.find(target.endpoint);
    if (lane === undefined) {
      // The rate of an application comes with each of its endpoints' targets.
      rates.change(target.application, target.applicationThrottleRate, clock.now());
      return;
    }
    apply(lane, target);
  }

  function apply(lane: Lane, target: Target): void {
    const now = clock.now();
    const before = lane.target;
    lane.target = target;
    lane.missing = false;
    applyRates(lane, target, now);
    switch (target.gate) {
      case "open":
        if (before?.gate === "disabled") enable(lane, now);
        if (before?.gate !== "open") lane.releasedAt = before === undefined ? 0 : now;
        break;
      case "paused":
      case "disabled":
        break;
      case "endpoint-deleted":
      case "application-deleted":
        if (before?.gate !== target.gate) noteUnread(lane, now);
        windows.clear(lane);
        break;
    }
    engine.look(lane);
  }

  function applyRates(lane: Lane, target: Target, now: number): void {
    const justTaken = now - startedAt() < rateWindowMs;
    const { application, throttleRate, applicationThrottleRate } = target;
    const isNew = rates.change(application, applicationThrottleRate, now);
    if (isNew && justTaken) rates.useUp(application, now);
    if (throttleRate === null) {
      lane.rate = undefined;
    } else if (lane.rate === undefined) {
      lane.rate = createRateLimit(throttleRate);
      for (let i = 0; justTaken && i < throttleRate; i += 1) lane.rate.take(now);
    } else {
      lane.rate.change(throttleRate, now);
    }
  }

  function enable(lane: Lane, now: number): void {
    const troubled = lane.failing.since !== null || lane.breaker.state !== "closed";
    lane.failing = notFailing;
    lane.askedToWaitUntil = null;
    lane.averageMs = undefined;
    lane.concurrency = slowStart(now);
    if (troubled) lane.breaker = probeFirst(now);
    engine.laneWrites.changed(lane);
  }

  return {
    take(items) {
      for (const item of items) {
        switch (item.kind) {
          case "committed":
            for (const delivery of item.deliveries) receive(delivery);
            break;
          case "waiting":
            for (const { endpoint, due } of item.lanes) {
              const lane = lanes.findOrCreate(endpoint);
              noteUnread(lane, due);
              engine.look(lane);
            }
            break;
          case "changed":
            for (const target of item.targets) change(target);
            break;
        }
      }
    },
    loaded(endpoint, target) {
      const lane = lanes.find(endpoint);
      if (lane === undefined) return;
      if (target !== undefined) return apply(lane, target);
      lane.missing = true;
      engine.look(lane);
    },
  };
}
