import { toId } from "../domain/ids.ts";
import type { DeliveryId } from "../domain/ids.ts";
import type { LaneWindow, QueuedDelivery } from "../ports/dispatch-store.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import type { Engine } from "./engine.ts";
import { deletionOf, earlier, holds, noteUnread } from "./lane.ts";
import type { Lane, Reading } from "./lane.ts";
import { createTurns } from "./turns.ts";

/** Reads lanes' queues, a few at a time, in fair turns and only as far as memory has room. */
export interface Reader {
  request(lane: Lane): void;
  /** Memory was given back. */
  pump(): void;
  stop(): void;
}

// After a read that failed, or found nothing although something had to be there.
const againMs = 250;
const discardsPerStep = 500;

/** `interrupted` takes a row whose attempt the last owner left without a word. */
export function createReader(
  engine: Engine,
  interrupted: (lane: Lane, delivery: QueuedDelivery) => void,
): Reader {
  return new FairReader(engine, interrupted);
}

class FairReader implements Reader {
  readonly #engine: Engine;
  readonly #interrupted: (lane: Lane, delivery: QueuedDelivery) => void;
  readonly #turns = createTurns<Lane>((lane) => lane.readSeat);
  #underWay = 0;
  #stopped = false;

  constructor(engine: Engine, interrupted: (lane: Lane, delivery: QueuedDelivery) => void) {
    this.#engine = engine;
    this.#interrupted = interrupted;
  }

  request(lane: Lane): void {
    const now = this.#engine.parts.clock.now();
    this.#turns.add(lane, this.#engine.application(lane), this.#engine.pace(lane, now));
    this.pump();
  }

  pump(): void {
    const { readsAtOnce } = this.#engine.parts.settings.memory;
    while (!this.#stopped && this.#underWay < readsAtOnce) {
      const lane = this.#turns.take((pace) => this.#engine.budget.room(pace) > 0);
      if (lane === undefined) return;
      this.#begin(lane);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  /** The lane may have changed while it waited for its turn. */
  #begin(lane: Lane): void {
    const step = this.#engine.step(lane, this.#engine.parts.clock.now());
    if (lane.reading !== undefined) return;
    if (step.kind === "discard") this.#run(lane, (reading) => this.#discardSome(lane, reading));
    const more = step.kind === "send" && lane.unread !== null;
    if (step.kind === "read" || more) this.#run(lane, (reading) => this.#readSome(lane, reading));
  }

  #run(lane: Lane, read: (reading: Reading) => Promise<void>): void {
    const reading: Reading = { arrived: [], unread: null, unwanted: false };
    lane.reading = reading;
    this.#underWay += 1;
    void read(reading)
      .catch((cause: unknown) => this.#failed(lane, reading, cause))
      .finally(() => {
        this.#underWay -= 1;
        this.#engine.look(lane);
        this.pump();
      });
  }

  #failed(lane: Lane, reading: Reading, cause: unknown): void {
    const { clock, log } = this.#engine.parts;
    lane.reading = undefined;
    for (const delivery of reading.arrived) noteUnread(lane, delivery.due);
    noteUnread(lane, reading.unread);
    if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
      this.#engine.fail(new Error("the store cannot be read", { cause }));
      return;
    }
    log.warn({ fault: cause.fault }, "the store cannot be read: trying again");
    lane.readNotBefore = clock.now() + againMs;
  }

  async #readSome(lane: Lane, reading: Reading): Promise<void> {
    const { budget, windows, parts } = this.#engine;
    const now = parts.clock.now();
    const pace = this.#engine.pace(lane, now);
    const room = Math.min(parts.settings.memory.laneBytes, budget.room(pace));
    const maxBytes = Math.max(1, Math.floor(room));
    // Reads that are under way together must not all count on the same room.
    budget.change(pace, maxBytes);
    let answer: LaneWindow;
    try {
      answer = await parts.store.readLane({
        endpoint: lane.endpoint,
        now,
        limit: Math.max(1, windows.wanted(lane, pace) - lane.window.length),
        maxBytes,
        skip: heldIds(lane),
      });
    } finally {
      // Not a moment before the rows are counted, or others take the room.
      budget.change(pace, -maxBytes);
    }
    lane.reading = undefined;
    this.#take(lane, reading, answer);
  }

  #take(lane: Lane, reading: Reading, answer: LaneWindow): void {
    const { deliveries, nextDue } = answer;
    const { windows, parts } = this.#engine;
    const now = parts.clock.now();
    lane.unread = earlier(nextDue, reading.unread);
    if (deliveries.length === 0 && nextDue !== null && nextDue <= now) {
      lane.readNotBefore = now + againMs;
    }
    if (reading.unwanted || this.#stopped) {
      for (const row of [...deliveries, ...reading.arrived]) noteUnread(lane, row.due);
      return;
    }
    for (const row of deliveries) {
      if (lane.interrupted.has(row.id)) this.#interrupted(lane, row);
      else if (!holds(lane, row.id)) windows.push(lane, row);
    }
    const pace = this.#engine.pace(lane, now);
    for (const row of reading.arrived) windows.admit(lane, row, pace);
  }

  async #discardSome(lane: Lane, reading: Reading): Promise<void> {
    const { store, clock } = this.#engine.parts;
    const ids = await store.waitingOf(lane.endpoint, discardsPerStep);
    lane.reading = undefined;
    lane.unread = ids.length === 0 ? reading.unread : clock.now();
    if (this.#stopped) return;
    const reason = deletionOf(lane);
    for (const id of ids) {
      if (!holds(lane, id)) this.#engine.discard(lane, id, reason);
    }
  }
}

function heldIds(lane: Lane): readonly DeliveryId[] {
  return lane.places.ids().map((id) => toId("delivery", id));
}
