/** Whether an endpoint gets a message: the decision at publish, and again when someone asks why. */
import { evaluateFilter } from "./filter/evaluate-filter.ts";
import type { Filter } from "./filter/filter.ts";

/** What an endpoint wants, as of one of its revisions. */
export interface Subscription {
  readonly disabled: boolean;
  /** Whole names, no prefixes. `null` or empty: every event type. */
  readonly eventTypes: readonly string[] | null;
  /** `null` or empty: whatever channels a message has, and messages without one. */
  readonly channels: readonly string[] | null;
  readonly filter: Filter | null;
}

export interface MatchedEvent {
  readonly eventType: string;
  readonly channels: readonly string[];
  readonly payload: unknown;
}

export type Match =
  | { readonly kind: "matched" }
  | {
      readonly kind: "skipped";
      readonly reason:
        | "endpoint-disabled"
        | "event-type-not-subscribed"
        | "channel-not-subscribed"
        | "filter-not-matched";
    };

/** The first reason that applies is given, from the cheapest to find to the dearest. */
export function judgeMatch(subscription: Subscription, event: MatchedEvent): Match {
  const { disabled, eventTypes, channels, filter } = subscription;
  if (disabled) return { kind: "skipped", reason: "endpoint-disabled" };
  if (isRestricted(eventTypes) && !eventTypes.includes(event.eventType)) {
    return { kind: "skipped", reason: "event-type-not-subscribed" };
  }
  if (isRestricted(channels) && !channels.some((channel) => event.channels.includes(channel))) {
    return { kind: "skipped", reason: "channel-not-subscribed" };
  }
  if (filter !== null && !evaluateFilter(filter, event.payload)) {
    return { kind: "skipped", reason: "filter-not-matched" };
  }
  return { kind: "matched" };
}

// The wire contract treats an empty list as none given.
function isRestricted(names: readonly string[] | null): names is readonly string[] {
  return names !== null && names.length > 0;
}
