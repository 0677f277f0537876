import { StoreUnavailable } from "../ports/store-errors.ts";
import type { Engine } from "./engine.ts";

/**
 * Ends what expired while it waited: held, not due, or beyond a window. A sweep asks the store
 * only while something waits, and leaves alone what is under way.
 */
export interface Expiry {
  start(): void;
  stop(): void;
}

const perSweep = 500;

export function createExpiry(engine: Engine): Expiry {
  const { store, clock, settings, log } = engine.parts;
  const timer = engine.timers.create(() => void sweep());
  let stopped = false;

  async function sweep(): Promise<void> {
    try {
      if (engine.lanes.busy() > 0 && engine.recorder.hasRoom()) await discardExpired();
    } catch (cause) {
      if (!(cause instanceof StoreUnavailable) || cause.fault === "closed") {
        engine.fail(new Error("the store cannot be read", { cause }));
        return;
      }
      log.warn({ fault: cause.fault }, "the store cannot say what expired: trying again");
    }
    if (!stopped) timer.set(clock.now() + settings.expirySweepMs);
  }

  async function discardExpired(): Promise<void> {
    // Those under way come first in the answer, as likely as not, and are passed over.
    const busy = engine.slots.underWay() + engine.recorder.unrecorded();
    const found = await store.expired(clock.now(), perSweep + busy);
    for (const { id, endpoint, partition } of found) {
      if (stopped) return;
      const tenure = engine.tenures.find(partition);
      if (tenure?.state !== "held") continue;
      const lane = engine.lanes.findOrCreate(endpoint);
      lane.tenure ??= tenure;
      const place = lane.places.get(id);
      if (place !== undefined && place !== "window") continue;
      const held = lane.window.find((delivery) => delivery.id === id);
      if (held !== undefined) engine.windows.discard(lane, held);
      engine.discard(lane, id, "expired");
      engine.look(lane);
    }
  }

  return {
    start: () => timer.set(clock.now() + settings.expirySweepMs),
    stop() {
      stopped = true;
      timer.clear();
    },
  };
}
