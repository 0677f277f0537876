import type { LaneWindow, QueuedDelivery } from "../ports/dispatch-store.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import type { Engine } from "./engine.ts";
import { earlier, holds, noteUnread } from "./lane.ts";
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
  const { store, clock, settings, log } = engine.parts;
  const turns = createTurns<Lane>();
  let under = 0;
  let stopped = false;

  function pump(): void {
    while (!stopped && under < settings.memory.readsAtOnce) {
      const lane = turns.take((pace) => engine.budget.room(pace) > 0);
      if (lane === undefined) return;
      const step = engine.step(lane);
      if (step.kind === "discard") start(lane, discardSome);
      else if (step.kind === "read" || wantsMore(lane, step.kind)) start(lane, readSome);
    }
  }

  function wantsMore(lane: Lane, kind: string): boolean {
    return kind === "send" && lane.reading === undefined && lane.unread !== null;
  }

  function start(lane: Lane, read: (lane: Lane, reading: Reading) => Promise<void>): void {
    const reading: Reading = { arrived: [], unread: null, unwanted: false };
    lane.reading = reading;
    under += 1;
    void read(lane, reading)
      .catch((cause: unknown) => failed(lane, reading, cause))
      .finally(() => {
        under -= 1;
        engine.look(lane);
        pump();
      });
  }

  function failed(lane: Lane, reading: Reading, cause: unknown): void {
    lane.reading = undefined;
    for (const delivery of reading.arrived) noteUnread(lane, delivery.due);
    noteUnread(lane, reading.unread);
    if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
      engine.fail(new Error("the store cannot be read", { cause }));
      return;
    }
    log.warn({ fault: cause.fault }, "the store cannot be read: trying again");
    lane.readNotBefore = clock.now() + againMs;
  }

  async function readSome(lane: Lane, reading: Reading): Promise<void> {
    const pace = engine.pace(lane);
    const limit = Math.max(1, engine.windows.wanted(lane, pace) - lane.window.length);
    const room = Math.min(settings.memory.laneBytes, engine.budget.room(pace));
    const maxBytes = Math.max(1, Math.floor(room));
    // Reads that are under way together must not all count on the same room.
    engine.budget.change(pace, maxBytes);
    let answer: LaneWindow;
    try {
      answer = await store.readLane({
        endpoint: lane.endpoint,
        now: clock.now(),
        limit,
        maxBytes,
        skip: heldIds(lane),
      });
    } finally {
      // And the room must not be given to others before the rows are counted.
      engine.budget.change(pace, -maxBytes);
    }
    lane.reading = undefined;
    take(lane, reading, answer);
  }

  function take(lane: Lane, reading: Reading, answer: LaneWindow): void {
    const { deliveries, nextDue } = answer;
    const now = clock.now();
    lane.unread = earlier(nextDue, reading.unread);
    if (deliveries.length === 0 && nextDue !== null && nextDue <= now) {
      lane.readNotBefore = now + againMs;
    }
    if (reading.unwanted) {
      for (const row of [...deliveries, ...reading.arrived]) noteUnread(lane, row.due);
      return;
    }
    for (const row of deliveries) {
      if (lane.interrupted.has(row.id)) interrupted(lane, row);
      else if (!holds(lane, row.id)) engine.windows.push(lane, row);
    }
    const pace = engine.pace(lane);
    for (const row of reading.arrived) engine.windows.admit(lane, row, pace);
  }

  async function discardSome(lane: Lane, reading: Reading): Promise<void> {
    const ids = await store.waitingOf(lane.endpoint, discardsPerStep);
    lane.reading = undefined;
    lane.unread = ids.length === 0 ? earlier(null, reading.unread) : clock.now();
    const gone = lane.target?.gate === "application-deleted";
    for (const id of ids) {
      if (!holds(lane, id)) {
        engine.discard(lane, id, gone ? "application-deleted" : "endpoint-deleted");
      }
    }
  }

  return {
    pump,
    request(lane) {
      turns.add(lane, engine.application(lane), engine.pace(lane));
      pump();
    },
    stop: () => {
      stopped = true;
    },
  };
}

function heldIds(lane: Lane): QueuedDelivery["id"][] {
  return [...lane.flights.keys(), ...lane.recording, ...lane.window.map((held) => held.id)];
}
