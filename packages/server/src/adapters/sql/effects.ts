import type { EndpointId } from "../../domain/ids.ts";
import type { QueuedDelivery } from "../../ports/dispatch-store.ts";
import type { Change } from "../../ports/store.ts";

/** What a commit means to others, in the order of its writes. */
export type Effect =
  /** Published, or asked for again by a person: the owner gets them with their content. */
  | {
      readonly kind: "committed";
      readonly deliveries: readonly QueuedDelivery[];
      /** Size of the content that they share. */
      readonly bytes: number;
    }
  | { readonly kind: "waiting"; readonly endpoint: EndpointId; readonly due: number }
  | { readonly kind: "target"; readonly endpoint: EndpointId }
  | { readonly kind: "change"; readonly change: Change }
  /** The owner read everything up to here itself. */
  | { readonly kind: "taken-over" };

/** Gathers the effects of the open transaction; they count only once it is committed. */
export class Effects {
  #effects: Effect[] = [];

  add(effect: Effect): void {
    this.#effects.push(effect);
  }

  take(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
