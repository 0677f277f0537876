import type { EventType } from "../../src/domain/event-type.ts";
import { batch, dayMs, due, hourMs, Maker, only, person, sealed } from "../conformance/fixtures.ts";
import type { Source } from "../../src/domain/source.ts";
import { acceptedOf, requestOf, sourceOf } from "../conformance/sources.ts";
import type { OpenedStore } from "../conformance/fixtures.ts";

const orders = ["ascending", "descending"] as const;

/** Asks everything that a store can be asked, so that each of its statements has run. */
export async function tour({ dispatch, store }: Omit<OpenedStore, "close">): Promise<void> {
  const maker = new Maker();
  const { epoch } = await dispatch.takeOver("worker-1");
  const application = maker.application({ uid: "acme" });
  await store.createApplication(application, maker.remember());
  await store.updateApplication(application.id, { throttleRate: 3 }, maker.time);
  await store.findApplication({ kind: "uid", uid: "acme" });
  const endpoint = maker.endpoint(application.id, { uid: "hook" });
  await store.createEndpoint(endpoint);
  const change = { by: person, at: maker.time, eventId: maker.ids.next("endpointEvent") };
  await store.updateEndpoint(endpoint.id, { ...change, config: { paused: true, filter: "x" } });
  await store.findEndpoint(application.id, { kind: "uid", uid: "hook" });
  await store.findEndpointEver(application.id, endpoint.id);
  const event = {
    id: maker.ids.next("endpointEvent"),
    endpoint: endpoint.id,
    at: maker.time,
    by: person,
    figures: {},
  };
  const secret = { sealed: sealed("new"), createdAt: maker.time, expiresAt: null };
  await store.rotateSecret(endpoint.id, {
    secret,
    oldExpireAt: maker.time + hourMs,
    event: { ...event, kind: "secret-rotated" },
  });
  await store.endpointSecrets(endpoint.id, maker.time);
  await store.endpointRevisions(endpoint.id);
  await store.laneOf(endpoint.id);
  await store.subscriptions(application.id);
  await store.subscriptionsAt(application.id, 1);
  await others(store, maker);

  const plain = maker.publication(application.id, [endpoint.id]);
  await store.publish(plain);
  const keyed = maker.publication(application.id, [endpoint.id], { eventId: "e" });
  await store.publish({ ...keyed, remember: maker.remember({ keyHash: "7".repeat(64) }) });
  await store.findMessage(application.id, { kind: "event-id", eventId: "e" });
  const [first] = await due(dispatch, endpoint.id, maker.time);
  if (first === undefined) throw new Error("a delivery expected");
  const attempt = maker.attempt(first);
  const { endpoint: id } = first;
  await dispatch.record(
    batch(epoch, {
      settlements: [{ kind: "end", attempt, reason: "delivered" }],
      lanes: [maker.lane(id)],
      restedLanes: [id],
      events: [{ ...event, id: maker.ids.next("endpointEvent"), kind: "warned" }],
    }),
  );
  const late = { kind: "end", attempt: maker.attempt(first), reason: "delivered" } as const;
  await dispatch.record(batch(epoch, { settlements: [late] }));
  const asked = { application: application.id, endpoint: id, at: maker.time };
  for (const { message } of [plain, keyed]) {
    const delivery = maker.ids.next("delivery");
    await store.resend({ ...asked, message: message.id, delivery });
  }
  await dispatch.expired(maker.time + dayMs, 10);
  await dispatch.waitingOf(id, 10);
  await dispatch.targets([id]);
  await store.endpointStats(id, maker.time - dayMs + 1, maker.time + dayMs - 1);
  for (const order of orders) {
    const page = { limit: 5, order };
    const filter = { channel: "c" };
    await store.listMessages(application.id, filter, page);
    await store.listMessages(application.id, {}, page);
    await store.listDeliveriesOfMessage(plain.message.id, page);
    await store.listDeliveriesOfEndpoint(id, { ...filter, state: "succeeded" }, page);
    await store.listDeliveriesOfEndpoint(id, {}, page);
    await store.listAttemptsOfMessage(plain.message.id, { ...filter, outcome: ["unknown"] }, page);
    await store.listAttemptsOfMessage(plain.message.id, {}, page);
    await store.listAttemptsOfEndpoint(id, filter, page);
    await store.listEndpoints(application.id, page);
    await store.listApplications(page);
    await store.listEndpointEvents(id, page);
    await store.listEventTypes(page, { includeArchived: false });
    await store.listKeys(page);
  }
  await sources(store, maker, application.id);
  await store.findAttempt(plain.message.id, attempt.id);
  await store.deleteAttemptContent(plain.message.id, attempt.id);
  await store.deleteMessageContent(keyed.message.id);
  await store.deleteEndpoint(id, person, maker.time);
  await store.deleteApplication(application.id, person, maker.time);
  await dispatch.release(epoch);
  await store.check();
}

async function sources(
  store: OpenedStore["store"],
  maker: Maker,
  application: Source["application"],
): Promise<void> {
  const source = sourceOf(maker, application);
  await store.createSource(source);
  await store.updateSource(source.id, { config: { paused: true }, at: maker.time });
  const next = { sealed: sealed("next"), createdAt: maker.time, expiresAt: null };
  await store.rotateSource(source.id, { what: "tokens", next, oldExpireAt: maker.time });
  await store.findSource(source.id);
  const rejected = requestOf(maker, source, { keptUntil: maker.time + dayMs });
  await store.addRequest({
    request: rejected,
    kept: { sealed: sealed("kept"), body: new Uint8Array(1) },
  });
  await store.addRepeats([{ source: source.id, partition: 5, request: rejected.id, count: 2 }]);
  await store.updateRejected(rejected);
  await store.findRequest(source.id, rejected.id);
  await store.keptRequest(source.id, rejected.id);
  const publication = maker.publication(application, []);
  const request = acceptedOf(requestOf(maker, source));
  const dedupe = { keyHash: "5".repeat(64), until: maker.time + dayMs };
  await store.publish({ ...publication, reception: { request, dedupe } });
  const again = { request: { ...request, id: rejected.id }, dedupe };
  await store.acceptRejected({ ...maker.publication(application, []), reception: again });
  for (const order of orders) {
    const page = { limit: 5, order };
    await store.listSources(page, {});
    await store.listSources(page, { application });
    await store.listRequests(source.id, {}, page);
    await store.listRequests(source.id, { outcome: "rejected" }, page);
  }
  await store.deleteSource(source.id, maker.time);
}

async function others(store: OpenedStore["store"], maker: Maker): Promise<void> {
  const eventType: EventType = {
    name: "a.b",
    description: "",
    archived: false,
    deprecated: false,
    groupName: null,
    featureFlags: [],
    schemas: null,
    enforceSchema: false,
    createdAt: maker.time,
    updatedAt: maker.time,
  };
  await store.createEventType(eventType);
  await store.updateEventType("a.b", { deprecated: true }, maker.time);
  await store.findEventType("a.b");
  await store.deleteEventType("a.b", { expunge: true, at: maker.time });
  const key = {
    id: maker.ids.next("apiKey"),
    name: "key",
    tokenHash: "ab".repeat(32),
    scope: { kind: "admin" },
    createdAt: maker.time,
    revokedAt: null,
  } as const;
  await store.createKey(key);
  await store.findKeyByHash(key.tokenHash);
  await store.countKeys();
  await store.revokeKey(key.id, maker.time);
  only([await store.installation()]);
  await store.listWorkers();
}
