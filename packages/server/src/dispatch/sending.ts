import { probing } from "../domain/breaker.ts";
import type { QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import type { SendRequest, SendResult } from "../ports/sender.ts";
import { cutShort, notMade } from "./attempt.ts";
import { concludeAttempt } from "./conclude.ts";
import type { Engine } from "./engine.ts";
import { isSuspect, noteUnread } from "./lane.ts";
import type { Flight, Lane } from "./lane.ts";
import { maskEchoes } from "./mask-echo.ts";
import { createRequestMaker } from "./request.ts";
import type { RequestMaker } from "./request.ts";
import { unlinked } from "../domain/ring.ts";
import type { Tenure } from "./tenures.ts";

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
  return new LaneSending(engine, ended);
}

class LaneSending implements Sending {
  readonly #engine: Engine;
  readonly #ended: (lane: Lane) => void;
  readonly #makeRequest: RequestMaker;
  #started = 0;

  constructor(engine: Engine, ended: (lane: Lane) => void) {
    this.#engine = engine;
    this.#ended = ended;
    this.#makeRequest = createRequestMaker(engine.parts);
  }

  begin(lane: Lane, probe: boolean): void {
    const { windows, rates, parts } = this.#engine;
    const { target, tenure } = lane;
    if (target === undefined || tenure === undefined) return;
    const delivery = windows.shift(lane);
    if (delivery === undefined) return;
    const now = parts.clock.now();
    const expired = delivery.expiresAt !== null && delivery.expiresAt <= now;
    if (expired || delivery.content === null) {
      windows.release(lane, delivery);
      this.#engine.discard(lane, delivery.id, expired ? "expired" : "content-deleted");
      return;
    }
    lane.rate?.take(now);
    rates.take(target.application, now);
    if (probe) lane.breaker = probing(lane.breaker);
    const flight = this.#createFlight(lane, { delivery, target, tenure, probe });
    this.#send(lane, flight, delivery.content.body);
  }

  interrupted(lane: Lane, delivery: QueuedDelivery): void {
    const { clock } = this.#engine.parts;
    const startedAt = lane.interrupted.get(delivery.id) ?? clock.now();
    const rest = new Map(lane.interrupted);
    rest.delete(delivery.id);
    lane.interrupted = rest;
    const { target, tenure } = lane;
    if (target === undefined || tenure === undefined) {
      noteUnread(lane, delivery.due);
      return;
    }
    const start = { delivery, target, tenure, probe: false, startedAt, queueMs: 0 };
    const flight: Flight = {
      ...start,
      trigger: "schedule",
      suspect: false,
      slot: undefined,
      askedAgain: false,
      ...unlinked,
    };
    this.#settle(lane, flight, cutShort(0));
  }

  abortAll(): void {
    for (const tenure of this.#engine.tenures.all()) tenure.abort.abort();
  }

  giveUp(): void {
    const { parts, lanes } = this.#engine;
    for (const lane of lanes.all()) {
      for (const flight of lane.flights) {
        this.#finish(lane, flight, cutShort(parts.clock.now() - flight.startedAt));
      }
    }
  }

  started(): number {
    return this.#started;
  }

  #createFlight(
    lane: Lane,
    start: {
      readonly delivery: QueuedDelivery;
      readonly target: Target;
      readonly tenure: Tenure;
      readonly probe: boolean;
    },
  ): Flight {
    const now = this.#engine.parts.clock.now();
    const { delivery, probe, target, tenure } = start;
    const byRule = probe ? "probe" : "schedule";
    return {
      delivery,
      target,
      tenure,
      probe,
      trigger: delivery.rule === "manual" ? "manual" : byRule,
      startedAt: now,
      suspect: isSuspect(lane, delivery),
      queueMs: Math.max(0, now - Math.max(delivery.due, lane.releasedAt)),
      slot: this.#engine.slots.begin(this.#engine.pace(lane, now), now),
      askedAgain: false,
      before: undefined,
      after: undefined,
      linked: false,
    };
  }

  #send(lane: Lane, flight: Flight, body: Uint8Array): void {
    this.#started += 1;
    lane.flights.push(flight);
    lane.places.set(flight.delivery.id, "under-way");
    void this.#request(flight, body).then((result) => this.#finish(lane, flight, result));
  }

  async #request(flight: Flight, body: Uint8Array): Promise<SendResult> {
    const { sender, clock, log } = this.#engine.parts;
    let made: SendRequest;
    try {
      const making = this.#makeRequest(flight.delivery, flight.target, body, flight.startedAt);
      made = making instanceof Promise ? await making : making;
    } catch (error) {
      const { endpoint } = flight.target;
      log.error({ endpoint, error: String(error) }, "a request could not be made");
      return notMade();
    }
    try {
      const result = await sender.send(made, flight.tenure.abort.signal);
      if (result.response === undefined) return result;
      const response = maskEchoes(made, flight.target.headers?.names ?? [], result.response);
      return { ...result, response };
    } catch (error) {
      // The port says that this cannot be; a delivery must not hang on it.
      log.error({ error: String(error) }, "the sender failed");
      const totalMs = clock.now() - flight.startedAt;
      return { outcome: "unknown", detail: "The sender failed.", totalMs, reused: false };
    }
  }

  #finish(lane: Lane, flight: Flight, result: SendResult): void {
    // It was given up.
    if (!flight.linked) return;
    lane.flights.remove(flight);
    lane.places.delete(flight.delivery.id);
    if (flight.slot !== undefined) this.#engine.slots.end(flight.slot);
    this.#engine.windows.release(lane, flight.delivery);
    const wasCut = flight.tenure.abort.signal.aborted && result.response === undefined;
    this.#settle(lane, flight, wasCut ? cutShort(result.totalMs, result) : result);
    this.#ended(lane);
  }

  #settle(lane: Lane, flight: Flight, result: SendResult): void {
    const engine = this.#engine;
    const { id } = flight.delivery;
    engine.settle(lane, concludeAttempt(engine.parts, lane, flight, result));
    // Or the next owner would take it for interrupted, should this one end within the second.
    const isWritten = lane.written?.sending.some((each) => each.delivery === id) === true;
    if (isWritten) engine.laneWrites.mustChange(lane);
  }
}
