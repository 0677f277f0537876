import { Applications } from "./applications.ts";
import { Attempts } from "./attempts.ts";
import type { Database } from "./database.ts";
import { Deliveries } from "./deliveries.ts";
import { EndpointHistory } from "./endpoint-history.ts";
import { EndpointSecrets } from "./endpoint-secrets.ts";
import { Endpoints } from "./endpoints.ts";
import { EventTypes } from "./event-types.ts";
import { Keys } from "./keys.ts";
import { Lanes } from "./lanes.ts";
import { Messages } from "./messages.ts";
import { Partitions } from "./partitions.ts";
import type { CallName, Calls } from "./protocol.ts";
import { Queue } from "./queue.ts";
import { Recorder } from "./record.ts";
import { Requests } from "./requests.ts";
import { Resends } from "./resend.ts";
import type { Handlers, Shared } from "./shared.ts";
import { Sources } from "./sources.ts";
import { Stats } from "./stats.ts";
import { Targets } from "./targets.ts";

type Handler<Name extends CallName> = Handlers<Calls>[Name];

export interface Method {
  readonly isWrite: boolean;
  run(args: readonly unknown[]): unknown;
}

export type Methods = Readonly<Record<CallName, Method>>;

/** Everything the store can be asked, by name. */
export function buildMethods(
  database: Database,
  shared: Shared,
): { readonly methods: Methods; readonly targets: Targets } {
  const roles = buildRoles(database, shared);
  return { methods: { ...writesOf(roles), ...readsOf(roles) }, targets: roles.targets };
}

type Roles = ReturnType<typeof buildRoles>;

function buildRoles(database: Database, shared: Shared) {
  const queue = new Queue(database);
  const lanes = new Lanes(database);
  const history = new EndpointHistory(database, shared);
  const secrets = new EndpointSecrets(database, shared, history);
  const endpoints = new Endpoints(database, shared, { secrets, history });
  const requests = new Requests(database, shared);
  const messages = new Messages(database, shared, { queue, requests });
  const attempts = new Attempts(database, shared, messages);
  const parts = { queue, lanes, endpoints, messages };
  const deliveries = new Deliveries(database, shared, parts);
  return {
    ...parts,
    shared,
    requests,
    sources: new Sources(database, shared),
    history,
    secrets,
    attempts,
    deliveries,
    applications: new Applications(database, shared),
    eventTypes: new EventTypes(database, shared),
    keys: new Keys(database, shared),
    partitions: new Partitions(database, shared, queue),
    stats: new Stats(database),
    targets: new Targets(database, secrets),
    resends: new Resends(shared, parts, deliveries),
    recorder: new Recorder(database, shared, { ...parts, attempts, deliveries, history }),
  };
}

function writesOf(roles: Roles) {
  const { applications, attempts, endpoints, eventTypes, keys, messages, recorder } = roles;
  return {
    createApplication: write<"createApplication">((...a) => applications.createApplication(...a)),
    updateApplication: write<"updateApplication">((...a) => applications.updateApplication(...a)),
    deleteApplication: write<"deleteApplication">((...a) => applications.deleteApplication(...a)),
    createEndpoint: write<"createEndpoint">((...a) => endpoints.createEndpoint(...a)),
    updateEndpoint: write<"updateEndpoint">((...a) => endpoints.updateEndpoint(...a)),
    deleteEndpoint: write<"deleteEndpoint">((...a) => endpoints.deleteEndpoint(...a)),
    rotateSecret: write<"rotateSecret">((...a) => roles.secrets.rotateSecret(...a)),
    createEventType: write<"createEventType">((...a) => eventTypes.createEventType(...a)),
    updateEventType: write<"updateEventType">((...a) => eventTypes.updateEventType(...a)),
    deleteEventType: write<"deleteEventType">((...a) => eventTypes.deleteEventType(...a)),
    createKey: write<"createKey">((...a) => keys.createKey(...a)),
    revokeKey: write<"revokeKey">((...a) => keys.revokeKey(...a)),
    publish: write<"publish">((...a) => messages.publish(...a)),
    deleteMessageContent: write<"deleteMessageContent">((...a) =>
      messages.deleteMessageContent(...a),
    ),
    deleteAttemptContent: write<"deleteAttemptContent">((...a) =>
      attempts.deleteAttemptContent(...a),
    ),
    resend: write<"resend">((...a) => roles.resends.resend(...a)),
    ...sourceWritesOf(roles),
    check: write<"check">(() => roles.shared.installation.check()),
    takeOver: write<"takeOver">((...a) => recorder.takeOver(...a)),
    record: write<"record">((...a) => recorder.record(...a)),
    release: write<"release">((...a) => recorder.release(...a)),
  };
}

function readsOf(roles: Roles) {
  const { applications, attempts, deliveries, endpoints, history, messages, queue } = roles;
  return {
    findApplication: read<"findApplication">((...a) => applications.findApplication(...a)),
    listApplications: read<"listApplications">((...a) => applications.listApplications(...a)),
    findEndpoint: read<"findEndpoint">((...a) => endpoints.findEndpoint(...a)),
    findEndpointEver: read<"findEndpointEver">((...a) => endpoints.findEndpointEver(...a)),
    listEndpoints: read<"listEndpoints">((...a) => endpoints.listEndpoints(...a)),
    endpointSecrets: read<"endpointSecrets">((...a) => roles.secrets.endpointSecrets(...a)),
    endpointRevisions: read<"endpointRevisions">((...a) => history.endpointRevisions(...a)),
    listEndpointEvents: read<"listEndpointEvents">((...a) => history.listEndpointEvents(...a)),
    laneOf: read<"laneOf">((...a) => roles.lanes.laneOf(...a)),
    endpointStats: read<"endpointStats">((...a) => roles.stats.endpointStats(...a)),
    subscriptions: read<"subscriptions">((...a) => history.subscriptions(...a)),
    subscriptionsAt: read<"subscriptionsAt">((...a) => history.subscriptionsAt(...a)),
    findEventType: read<"findEventType">((...a) => roles.eventTypes.findEventType(...a)),
    listEventTypes: read<"listEventTypes">((...a) => roles.eventTypes.listEventTypes(...a)),
    findKeyByHash: read<"findKeyByHash">((...a) => roles.keys.findKeyByHash(...a)),
    listKeys: read<"listKeys">((...a) => roles.keys.listKeys(...a)),
    countKeys: read<"countKeys">(() => roles.keys.countKeys()),
    findMessage: read<"findMessage">((...a) => messages.findMessage(...a)),
    listMessages: read<"listMessages">((...a) => messages.listMessages(...a)),
    listDeliveriesOfMessage: read<"listDeliveriesOfMessage">((...a) =>
      deliveries.listDeliveriesOfMessage(...a),
    ),
    listDeliveriesOfEndpoint: read<"listDeliveriesOfEndpoint">((...a) =>
      deliveries.listDeliveriesOfEndpoint(...a),
    ),
    findAttempt: read<"findAttempt">((...a) => attempts.findAttempt(...a)),
    listAttemptsOfMessage: read<"listAttemptsOfMessage">((...a) =>
      attempts.listAttemptsOfMessage(...a),
    ),
    listAttemptsOfEndpoint: read<"listAttemptsOfEndpoint">((...a) =>
      attempts.listAttemptsOfEndpoint(...a),
    ),
    ...sourceReadsOf(roles),
    installation: read<"installation">(() => roles.shared.installation.installation()),
    partitionStates: read<"partitionStates">(() => roles.partitions.states()),
    targets: read<"targets">((...a) => roles.targets.targets(...a)),
    readLane: read<"readLane">((lane) => queue.readLane(lane, (id) => messages.contentOf(id))),
    expired: read<"expired">((...a) => queue.expired(...a)),
    waitingOf: read<"waitingOf">((...a) => queue.waitingOf(...a)),
  };
}

function sourceWritesOf({ messages, requests, sources }: Roles) {
  return {
    createSource: write<"createSource">((...a) => sources.createSource(...a)),
    updateSource: write<"updateSource">((...a) => sources.updateSource(...a)),
    rotateSource: write<"rotateSource">((...a) => sources.rotateSource(...a)),
    deleteSource: write<"deleteSource">((...a) => sources.deleteSource(...a)),
    addRequest: write<"addRequest">((...a) => requests.addRequest(...a)),
    addRepeats: write<"addRepeats">((...a) => requests.addRepeats(...a)),
    acceptRejected: write<"acceptRejected">((...a) => messages.acceptRejected(...a)),
    updateRejected: write<"updateRejected">((...a) => requests.updateRejected(...a)),
  };
}

function sourceReadsOf({ requests, sources }: Roles) {
  return {
    findSource: read<"findSource">((...a) => sources.findSource(...a)),
    listSources: read<"listSources">((...a) => sources.listSources(...a)),
    findRequest: read<"findRequest">((...a) => requests.findRequest(...a)),
    keptRequest: read<"keptRequest">((...a) => requests.keptRequest(...a)),
    listRequests: read<"listRequests">((...a) => requests.listRequests(...a)),
  };
}

function write<Name extends CallName>(handler: Handler<Name>): Method {
  return { isWrite: true, run: runOf(handler) };
}

function read<Name extends CallName>(handler: Handler<Name>): Method {
  return { isWrite: false, run: runOf(handler) };
}

/** The caller's side is typed by the same table, so the arguments are the handler's own. */
function runOf<Name extends CallName>(handler: Handler<Name>): Method["run"] {
  const run = handler as unknown as (...args: readonly unknown[]) => unknown;
  return (args) => run(...args);
}
