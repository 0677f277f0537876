import type { FeedItem } from "../../ports/dispatch-store.ts";
import type { Packed } from "./packing.ts";
import { packDeliveries, unpackDeliveries } from "./wire-delivery.ts";

/** What the dispatcher is told of commits, as it crosses to its thread. */
export type WireFeedItem =
  | readonly [kind: "committed", deliveries: Packed]
  | readonly [kind: "other", item: Exclude<FeedItem, { kind: "committed" }>];

export function packItem(item: FeedItem): WireFeedItem {
  return item.kind === "committed"
    ? ["committed", packDeliveries(item.deliveries)]
    : ["other", item];
}

export function unpackItem(item: WireFeedItem): FeedItem {
  return item[0] === "committed"
    ? { kind: "committed", deliveries: unpackDeliveries(item[1]) }
    : item[1];
}
