import type { Store } from "../../ports/store.ts";
import { findApplication, listApplications } from "./applications.ts";
import { findAttempt, listAttemptsOfEndpoint, listAttemptsOfMessage } from "./attempts.ts";
import { guarded } from "./database.ts";
import { listDeliveriesOfEndpoint, listDeliveriesOfMessage, type ListParts } from "./deliveries.ts";
import {
  endpointRevisions,
  listEndpointEvents,
  subscriptions,
  subscriptionsAt,
} from "./endpoint-history.ts";
import { endpointSecrets } from "./endpoint-secrets.ts";
import { findEndpoint, findEndpointEver, listEndpoints } from "./endpoints.ts";
import { findEventType, listEventTypes } from "./event-types.ts";
import { countKeys, findKeyByHash, listKeys } from "./keys.ts";
import { laneOf } from "./lanes.ts";
import { findMessage, listMessages } from "./messages.ts";
import { findRequest, keptRequest, listRequests } from "./requests.ts";
import { findSource, listSources } from "./sources.ts";
import { endpointStats } from "./stats.ts";
import { listWorkers } from "./workers.ts";

type Reads = Pick<
  Store,
  | "findApplication"
  | "listApplications"
  | "findEndpoint"
  | "findEndpointEver"
  | "listEndpoints"
  | "endpointSecrets"
  | "endpointRevisions"
  | "listEndpointEvents"
  | "laneOf"
  | "endpointStats"
  | "subscriptions"
  | "subscriptionsAt"
  | "findEventType"
  | "listEventTypes"
  | "findKeyByHash"
  | "listKeys"
  | "countKeys"
  | "findMessage"
  | "listMessages"
  | "listDeliveriesOfMessage"
  | "listDeliveriesOfEndpoint"
  | "findAttempt"
  | "listAttemptsOfMessage"
  | "listAttemptsOfEndpoint"
  | "findSource"
  | "listSources"
  | "findRequest"
  | "keptRequest"
  | "listRequests"
  | "listWorkers"
>;

/** What the store answers without writing; each statement takes any connection of the pool. */
export function readsOf(parts: ListParts): Reads {
  const { sql, places } = parts;
  return {
    findApplication: (...a) => guarded(findApplication(sql, ...a)),
    listApplications: (...a) => guarded(listApplications(sql, ...a)),
    findEndpoint: (...a) => guarded(findEndpoint(sql, ...a)),
    findEndpointEver: (...a) => guarded(findEndpointEver(sql, ...a)),
    listEndpoints: (...a) => guarded(listEndpoints(sql, ...a)),
    endpointSecrets: (...a) => guarded(endpointSecrets(sql, places, ...a)),
    endpointRevisions: (...a) => guarded(endpointRevisions(sql, places, ...a)),
    listEndpointEvents: (...a) => guarded(listEndpointEvents(sql, places, ...a)),
    laneOf: (...a) => guarded(laneOf(sql, places, ...a)),
    endpointStats: (id, since, until) => guarded(endpointStats(sql, places, id, { since, until })),
    subscriptions: (...a) => guarded(subscriptions(sql, ...a)),
    subscriptionsAt: (...a) => guarded(subscriptionsAt(sql, ...a)),
    findEventType: (...a) => guarded(findEventType(sql, ...a)),
    listEventTypes: (...a) => guarded(listEventTypes(sql, ...a)),
    findKeyByHash: (...a) => guarded(findKeyByHash(sql, ...a)),
    listKeys: (...a) => guarded(listKeys(sql, ...a)),
    countKeys: () => guarded(countKeys(sql)),
    findMessage: (...a) => guarded(findMessage(sql, places, ...a)),
    listMessages: (...a) => guarded(listMessages(parts, ...a)),
    listDeliveriesOfMessage: (...a) => guarded(listDeliveriesOfMessage(parts, ...a)),
    listDeliveriesOfEndpoint: (...a) => guarded(listDeliveriesOfEndpoint(parts, ...a)),
    findAttempt: (...a) => guarded(findAttempt(sql, places, ...a)),
    listAttemptsOfMessage: (...a) => guarded(listAttemptsOfMessage(parts, ...a)),
    listAttemptsOfEndpoint: (...a) => guarded(listAttemptsOfEndpoint(parts, ...a)),
    findSource: (...a) => guarded(findSource(sql, ...a)),
    listSources: (...a) => guarded(listSources(sql, ...a)),
    findRequest: (...a) => guarded(findRequest(sql, ...a)),
    keptRequest: (source, id) => guarded(keptRequest(sql, source, { id, now: parts.now() })),
    listRequests: (...a) => guarded(listRequests(sql, ...a)),
    listWorkers: () => guarded(listWorkers(sql, places, parts.now())),
  };
}
