import type { DeliveryId } from "../domain/ids.ts";
import { probing } from "../domain/breaker.ts";
import type { QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import type { SendResult } from "../ports/sender.ts";
import { cutShort, notMade } from "./attempt.ts";
import { concludeAttempt } from "./conclude.ts";
import type { Engine } from "./engine.ts";
import { noteUnread } from "./lane.ts";
import type { Flight, Lane } from "./lane.ts";
import { createRequestMaker } from "./request.ts";

/** Starts attempts and sees them through to their settlement. */
export interface Sending {
  /** Sends the first of the lane's window, or ends it where there is nothing to send. */
  begin(lane: Lane, probe: boolean): void;
  /** Settles, without sending, what the last owner had under way when it ended. */
  interrupted(lane: Lane, delivery: QueuedDelivery): void;
  /** Ends all requests under way as a timeout would. */
  abortAll(): void;
  /** Settles those that even then did not end. */
  giveUp(): void;
  /** Attempts started, for figures. */
  started(): number;
}

export function createSending(engine: Engine, ended: (lane: Lane) => void): Sending {
  const { parts, slots, windows } = engine;
  const { clock, log, sender } = parts;
  const makeRequest = createRequestMaker(parts);
  const underWay = new Map<DeliveryId, { readonly lane: Lane; readonly flight: Flight }>();
  let aborted = false;
  let started = 0;

  function begin(lane: Lane, probe: boolean): void {
    const delivery = windows.shift(lane);
    const { target } = lane;
    if (delivery === undefined || target === undefined) return;
    const now = clock.now();
    if (delivery.expiresAt !== null && delivery.expiresAt <= now) {
      windows.release(lane, delivery);
      engine.discard(lane, delivery.id, "expired");
    } else if (delivery.content === null) {
      windows.release(lane, delivery);
      engine.discard(lane, delivery.id, "content-deleted");
    } else {
      lane.rate?.take(now);
      engine.rates.take(target.application, now);
      if (probe) lane.breaker = probing(lane.breaker);
      const flight = createFlight(lane, { delivery, target, probe });
      send(lane, flight, delivery.content.body);
    }
  }

  function createFlight(
    lane: Lane,
    start: {
      readonly delivery: QueuedDelivery;
      readonly target: Target;
      readonly probe: boolean;
    },
  ): Flight {
    const now = clock.now();
    const { delivery, probe } = start;
    const byHand = delivery.rule === "manual" ? "manual" : "schedule";
    return {
      ...start,
      trigger: byHand === "schedule" && probe ? "probe" : byHand,
      startedAt: now,
      queueMs: Math.max(0, now - Math.max(delivery.due, lane.releasedAt)),
      slot: slots.begin(engine.pace(lane), now),
      abort: new AbortController(),
      askedAgain: false,
    };
  }

  function send(lane: Lane, flight: Flight, body: Uint8Array): void {
    started += 1;
    lane.flights.set(flight.delivery.id, flight);
    underWay.set(flight.delivery.id, { lane, flight });
    void request(flight, body).then((result) => finish(lane, flight, result));
  }

  async function request(flight: Flight, body: Uint8Array): Promise<SendResult> {
    let made: ReturnType<typeof makeRequest>;
    try {
      made = makeRequest(flight.delivery, flight.target, body);
    } catch (error) {
      const { endpoint } = flight.target;
      log.error({ endpoint, error: String(error) }, "a request could not be made");
      return notMade();
    }
    try {
      return await sender.send(made, flight.abort.signal);
    } catch (error) {
      // The port says that this cannot be; a delivery must not hang on it.
      log.error({ error: String(error) }, "the sender failed");
      const totalMs = clock.now() - flight.startedAt;
      return { outcome: "unknown", detail: "The sender failed.", totalMs, reused: false };
    }
  }

  function finish(lane: Lane, flight: Flight, result: SendResult): void {
    const { id } = flight.delivery;
    if (!underWay.delete(id)) return;
    lane.flights.delete(id);
    flight.slot.free();
    windows.release(lane, flight.delivery);
    const wasCut = aborted && result.response === undefined;
    const seen = wasCut ? cutShort(result.totalMs, result) : result;
    engine.settle(lane, concludeAttempt(parts, lane, flight, seen));
    // Or the next owner would take it for interrupted, should this one end within the second.
    if (lane.written?.sending.includes(id) === true) engine.laneWrites.mustChange(lane);
    ended(lane);
  }

  return {
    begin,
    interrupted(lane, delivery) {
      const startedAt = lane.interrupted.get(delivery.id) ?? clock.now();
      const rest = new Map(lane.interrupted);
      rest.delete(delivery.id);
      lane.interrupted = rest;
      if (lane.target === undefined) return noteUnread(lane, delivery.due);
      const start = { delivery, target: lane.target, probe: false, startedAt, queueMs: 0 };
      const flight: Flight = {
        ...start,
        trigger: "schedule",
        slot: { free: () => {} },
        abort: new AbortController(),
        askedAgain: false,
      };
      engine.settle(lane, concludeAttempt(parts, lane, flight, cutShort(0)));
    },
    abortAll() {
      aborted = true;
      for (const { flight } of underWay.values()) flight.abort.abort();
    },
    giveUp() {
      for (const { lane, flight } of [...underWay.values()]) {
        finish(lane, flight, cutShort(clock.now() - flight.startedAt));
      }
    },
    started: () => started,
  };
}
