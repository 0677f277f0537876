import type { DeliveryId, EndpointId } from "../../domain/ids.ts";
import type { LaneWindow, Settlement, Target } from "../../ports/dispatch-store.ts";

/** What happened to deliveries and targets while a read was under way: its snapshot may be older. */
export interface Reading {
  readonly settled: ReadonlyMap<DeliveryId, Settlement>;
  readonly changed: ReadonlyMap<EndpointId, Target>;
}

/** The reads that are under way. */
export class Readings {
  readonly #underWay = new Set<{
    readonly settled: Map<DeliveryId, Settlement>;
    readonly changed: Map<EndpointId, Target>;
  }>();

  async run<T>(read: (reading: Reading) => Promise<T>): Promise<T> {
    const reading = { settled: new Map(), changed: new Map() };
    this.#underWay.add(reading);
    try {
      return await read(reading);
    } finally {
      this.#underWay.delete(reading);
    }
  }

  noteSettled(settlements: readonly Settlement[]): void {
    if (this.#underWay.size === 0) return;
    for (const settlement of settlements) {
      const id = settlement.kind === "discard" ? settlement.delivery : settlement.attempt.delivery;
      for (const { settled } of this.#underWay) settled.set(id, settlement);
    }
  }

  noteChanged(targets: readonly Target[]): void {
    for (const { changed } of this.#underWay) {
      for (const target of targets) changed.set(target.endpoint, target);
    }
  }
}

export function withoutSettled(
  window: LaneWindow,
  settled: ReadonlyMap<DeliveryId, Settlement>,
): LaneWindow {
  if (settled.size === 0) return window;
  let { nextDue } = window;
  const deliveries = window.deliveries.filter((delivery) => {
    const settlement = settled.get(delivery.id);
    if (settlement === undefined) return true;
    if (settlement.kind !== "retry") return false;
    // Moved: the row that was read may be the one from before.
    if (delivery.attempts >= settlement.attempt.number) return true;
    if (nextDue === null || settlement.due < nextDue) nextDue = settlement.due;
    return false;
  });
  return { deliveries, nextDue };
}
