import type { DueRule, WaitingDelivery } from "./delivery.ts";
import type { EndpointConfig } from "./endpoint.ts";
import type { LaneLimit, LaneRecord } from "./lane.ts";
import { stateOf } from "./reasons.ts";
import type { DeliveryState, DeliveryReason } from "./reasons.ts";

/** A waiting delivery and what its state follows from. */
export interface WaitingView {
  readonly delivery: WaitingDelivery;
  /** `undefined`: at rest. */
  readonly lane: LaneRecord | undefined;
  /** `undefined` once it is deleted. */
  readonly endpoint: Pick<EndpointConfig, "disabled" | "paused"> | undefined;
}

export interface WaitingState {
  readonly state: DeliveryState;
  readonly reason: DeliveryReason;
  /** `null` when no time is known, or an attempt is under way. */
  readonly nextAttemptAt: number | null;
  /** When the lane was written that this follows from; `null` when it follows from rows alone. */
  readonly asOf: number | null;
}

/** Says why a delivery waits at `now`. What closes the whole lane goes before its own due time. */
export function judgeDelivery(view: WaitingView, now: number): WaitingState {
  const { delivery, lane, endpoint } = view;
  if (endpoint === undefined) return waits("endpoint-deleted", null);
  if (endpoint.disabled) return waits("endpoint-disabled", null);
  if (endpoint.paused) return waits("endpoint-paused", null);
  const byLane = lane === undefined ? undefined : judgeLane(delivery, lane, now);
  if (byLane !== undefined) return byLane;
  if (delivery.due > now) return waits(ruleReasons[delivery.rule], delivery.due);
  return judgeDue(delivery, lane);
}

function judgeLane(
  delivery: WaitingDelivery,
  lane: LaneRecord,
  now: number,
): WaitingState | undefined {
  const asOf = lane.updatedAt;
  const isSending = lane.sending.some((each) => each.delivery === delivery.id);
  if (isSending) return { ...waits("sending", null), asOf };
  switch (lane.breaker) {
    case "open":
    case "probing":
      return { ...waits("breaker-open", later(delivery.due, lane.probeAt)), asOf };
    case "closed":
    case "slow":
      break;
  }
  const asked = lane.askedToWaitUntil;
  return asked !== null && asked > now
    ? { ...waits("receiver-asked-to-wait", later(delivery.due, asked)), asOf }
    : undefined;
}

function judgeDue(delivery: WaitingDelivery, lane: LaneRecord | undefined): WaitingState {
  return lane === undefined || lane.limitedBy === null
    ? waits("queued", delivery.due)
    : { ...waits(limitReasons[lane.limitedBy], null), asOf: lane.updatedAt };
}

const ruleReasons: Readonly<Record<DueRule, DeliveryReason>> = {
  publish: "queued",
  "deliver-at": "deliver-at",
  schedule: "retry-schedule",
  "retry-after": "retry-after",
  manual: "queued",
};

const limitReasons: Readonly<Record<LaneLimit, DeliveryReason>> = {
  rate: "rate-limited",
  "application-rate": "application-rate-limited",
  concurrency: "concurrency-limited",
};

function waits(reason: DeliveryReason, nextAttemptAt: number | null): WaitingState {
  return { state: stateOf(reason), reason, nextAttemptAt, asOf: null };
}

function later(due: number, until: number | null): number | null {
  return until === null ? null : Math.max(due, until);
}
