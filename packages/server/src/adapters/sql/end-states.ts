import { stateOf, type DeliveryState, type EndReason } from "../../domain/reasons.ts";
import { judgeDelivery } from "../../domain/waiting.ts";
import type { DeliveryView } from "../../ports/message-store.ts";

export const hourMs = 3_600_000;

/** Delivery states that end, as `deliveries.state` has them. */
const endStates = { succeeded: 0, failed: 1, discarded: 2 } as const;
export type EndState = (typeof endStates)[keyof typeof endStates];

export function endStateOf(reason: EndReason): EndState {
  const state = stateOf(reason);
  if (state === "scheduled" || state === "held") throw new Error(`${reason} ends nothing`);
  return endStates[state];
}

export function stateOfView(view: DeliveryView, now: number): DeliveryState {
  if (view.kind === "ended") return stateOf(view.delivery.reason);
  const { delivery, endpoint, lane } = view;
  return judgeDelivery({ delivery, lane, endpoint: endpoint?.config }, now).state;
}
