import type { EndpointConfig } from "../domain/endpoint.ts";
import { parseFilter } from "../domain/filter/parse-filter.ts";
import type { EndpointId } from "../domain/ids.ts";
import { judgeMatch, type Match } from "../domain/match.ts";
import type { Message } from "../domain/message.ts";
import type { Store } from "../ports/store.ts";

export type RoutingVerdict =
  | "matched"
  | Extract<Match, { kind: "skipped" }>["reason"]
  /** It has the message although it did not match: by a resend, or an example sent to it alone. */
  | "sent-directly"
  /** It matched, and the message was an example for another endpoint alone. */
  | "not-selected"
  /** Its filter cannot be judged any more. */
  | "content-deleted";

export interface Routed {
  readonly endpoint: EndpointId;
  readonly config: EndpointConfig;
  readonly verdict: RoutingVerdict;
}

type RoutingStore = Pick<Store, "subscriptionsAt" | "listDeliveriesOfMessage">;

/**
 * Says for every endpoint that there was when a message was published whether it matched, or why
 * not. Computed from the endpoints' revisions of that time, so it stays true when they change.
 */
export async function explainRouting(
  store: RoutingStore,
  message: Message,
  payload: unknown,
): Promise<readonly Routed[]> {
  const [then, delivered] = await Promise.all([
    store.subscriptionsAt(message.application, message.configVersion),
    deliveredTo(store, message),
  ]);
  return then.endpoints.map(({ id, config }) => ({
    endpoint: id,
    config,
    verdict: judge(config, message, payload, delivered.has(id)),
  }));
}

function judge(
  config: EndpointConfig,
  message: Message,
  payload: unknown,
  hasDelivery: boolean,
): RoutingVerdict {
  const { disabled, eventTypes, channels, filter } = config;
  const parsed = filter === null ? null : parseFilter(filter);
  if (parsed?.kind === "invalid") throw new Error(`a stored filter is invalid: ${parsed.message}`);
  const event = { eventType: message.eventType, channels: message.channels, payload };
  const unfiltered = judgeMatch({ disabled, eventTypes, channels, filter: null }, event);
  if (unfiltered.kind === "matched" && parsed !== null && payload === undefined) {
    return hasDelivery ? "matched" : "content-deleted";
  }
  const match = judgeMatch(
    { disabled, eventTypes, channels, filter: parsed?.filter ?? null },
    event,
  );
  if (match.kind === "matched") return hasDelivery ? "matched" : "not-selected";
  return hasDelivery ? "sent-directly" : match.reason;
}

async function deliveredTo(store: RoutingStore, message: Message): Promise<Set<EndpointId>> {
  const found = new Set<EndpointId>();
  let after: EndpointId | undefined;
  for (;;) {
    const page = await store.listDeliveriesOfMessage(message.id, {
      limit: 250,
      order: "ascending",
      ...(after === undefined ? {} : { from: { key: after, side: "after" as const } }),
    });
    for (const { endpoint } of page.items) {
      found.add(endpoint.id);
      after = endpoint.id;
    }
    if (page.done || page.items.length === 0) return found;
  }
}
