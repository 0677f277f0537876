import type { EndpointId } from "../../domain/ids.ts";
import type { FeedItem, LaneStart, QueuedDelivery, Target } from "../../ports/dispatch-store.ts";
import type { Effect } from "./effects.ts";

/** Bytes that may be under way to the dispatcher: beyond, it reads from the queue when it can. */
const creditBytes = 16 * 1024 * 1024;

/** What a delivery costs beside its content. */
const deliveryBytes = 256;

export interface FeedBatch {
  readonly items: readonly FeedItem[];
  readonly bytes: number;
}

/** Turns the effects of commits into feed items, within the credit. */
export class Feed {
  readonly #targets: (endpoints: Iterable<EndpointId>) => readonly Target[];
  #outstanding = 0;

  constructor(targets: (endpoints: Iterable<EndpointId>) => readonly Target[]) {
    this.#targets = targets;
  }

  returned(bytes: number): void {
    this.#outstanding -= bytes;
  }

  batch(effects: readonly Effect[]): FeedBatch {
    const committed: QueuedDelivery[] = [];
    const waiting = new Map<EndpointId, number>();
    const changed = new Set<EndpointId>();
    const before = this.#outstanding;
    for (const effect of effects) {
      switch (effect.kind) {
        case "committed": {
          this.#carry(effect, committed, waiting);
          break;
        }
        case "waiting": {
          addLane(waiting, effect);
          break;
        }
        case "target": {
          changed.add(effect.endpoint);
          break;
        }
        case "change":
        case "taken-over":
          break;
      }
    }
    return { items: this.#items(committed, waiting, changed), bytes: this.#outstanding - before };
  }

  #carry(
    effect: Extract<Effect, { kind: "committed" }>,
    committed: QueuedDelivery[],
    waiting: Map<EndpointId, number>,
  ): void {
    const bytes = effect.bytes + deliveryBytes * effect.deliveries.length;
    if (this.#outstanding + bytes > creditBytes) {
      for (const delivery of effect.deliveries) addLane(waiting, delivery);
      return;
    }
    this.#outstanding += bytes;
    committed.push(...effect.deliveries);
  }

  /** One commit's items: the order among them does not matter, targets are as of its end. */
  #items(
    committed: readonly QueuedDelivery[],
    waiting: ReadonlyMap<EndpointId, number>,
    changed: ReadonlySet<EndpointId>,
  ): readonly FeedItem[] {
    const items: FeedItem[] = [];
    if (changed.size > 0) items.push({ kind: "changed", targets: this.#targets(changed) });
    if (committed.length > 0) items.push({ kind: "committed", deliveries: committed });
    if (waiting.size > 0) {
      const lanes = Array.from(waiting, ([endpoint, due]): LaneStart => ({ endpoint, due }));
      items.push({ kind: "waiting", lanes });
    }
    return items;
  }
}

function addLane(waiting: Map<EndpointId, number>, start: LaneStart): void {
  const due = waiting.get(start.endpoint);
  if (due === undefined || start.due < due) waiting.set(start.endpoint, start.due);
}
