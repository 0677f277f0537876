import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EndpointConfig } from "../../src/domain/endpoint.ts";
import type { EndpointId } from "../../src/domain/ids.ts";
import {
  batch,
  due,
  hourMs,
  Maker,
  only,
  person,
  present,
  sealed,
  settle,
  type OpenedStore,
  type OpenStore,
} from "./fixtures.ts";

export function describeEndpoints(open: OpenStore): void {
  describe("endpoints", () => {
    let opened: OpenedStore;
    let maker: Maker;
    beforeEach(async () => {
      maker = new Maker();
      opened = await open();
    });
    afterEach(() => opened.close());

    const change = (id: EndpointId, config: Partial<EndpointConfig>) =>
      opened.store.updateEndpoint(id, {
        config,
        by: person,
        at: maker.time,
        eventId: maker.ids.next("endpointEvent"),
      });

    test("an endpoint is found by id and uid in its own application only", async () => {
      const { store } = opened;
      const [mine, other] = [maker.application(), maker.application()];
      for (const application of [mine, other]) await store.createApplication(application);
      const made = maker.endpoint(mine.id, {
        uid: "hook",
        eventTypes: ["a.b"],
        channels: ["c"],
        filter: "amount > 1",
        throttleRate: 3,
        metadata: { a: "b" },
        headers: { sealed: sealed("{}"), names: ["x-api-key"] },
      });
      expect(await store.createEndpoint(made)).toEqual({ kind: "created", version: 1 });
      const { by: _by, secret: _secret, ...rest } = made;
      const endpoint = { ...rest, version: 1 };
      expect(await store.findEndpoint(mine.id, { kind: "id", id: made.id })).toEqual(endpoint);
      expect(await store.findEndpoint(mine.id, { kind: "uid", uid: "hook" })).toEqual(endpoint);
      expect(await store.findEndpoint(other.id, { kind: "id", id: made.id })).toBeUndefined();
      expect(await store.findEndpoint(other.id, { kind: "uid", uid: "hook" })).toBeUndefined();
      const page = { limit: 5, order: "ascending" } as const;
      expect((await store.listEndpoints(mine.id, page)).items).toEqual([endpoint]);
      expect((await store.listEndpoints(other.id, page)).items).toEqual([]);
    });

    test("a deleted endpoint is found as it last was, in its own application only", async () => {
      const { store } = opened;
      const { application, endpoint } = await settle(store, maker);
      const other = maker.application();
      await store.createApplication(other);
      const before = await store.findEndpoint(application, { kind: "id", id: endpoint });
      expect(await store.findEndpointEver(application, endpoint)).toEqual(before);
      maker.time += 1;
      await store.deleteEndpoint(endpoint, person, maker.time);
      expect(await store.findEndpoint(application, { kind: "id", id: endpoint })).toBeUndefined();
      expect(await store.findEndpointEver(application, endpoint)).toMatchObject({
        id: endpoint,
        config: before?.config,
      });
      expect(await store.findEndpointEver(other.id, endpoint)).toBeUndefined();
    });

    test("a change under an idempotency key is made once", async () => {
      const { store } = opened;
      const { application, endpoint } = await settle(store, maker);
      const remember = {
        keyHash: "a".repeat(64),
        requestHash: "b".repeat(64),
        expiresAt: maker.time + hourMs,
        answer: { kind: "body", status: 200, json: "{}" },
      } as const;
      const made = (requestHash: string) =>
        store.updateEndpoint(
          endpoint,
          {
            config: { paused: true },
            by: person,
            at: maker.time,
            eventId: maker.ids.next("endpointEvent"),
          },
          { ...remember, requestHash },
        );
      expect(await made(remember.requestHash)).toMatchObject({ kind: "updated" });
      await change(endpoint, { paused: false });
      expect(await made(remember.requestHash)).toEqual({
        kind: "repeated",
        answer: remember.answer,
      });
      expect(await made("c".repeat(64))).toEqual({ kind: "key-reused" });
      const found = await store.findEndpoint(application, { kind: "id", id: endpoint });
      expect(found?.config.paused).toBe(false);
    });

    test("a uid is unique in its application, and free again after a deletion", async () => {
      const { store } = opened;
      const { application, endpoint } = await settle(store, maker);
      await change(endpoint, { uid: "hook" });
      const second = maker.endpoint(application, { uid: "hook" });
      expect(await store.createEndpoint(second)).toEqual({ kind: "uid-taken" });
      expect(await store.deleteEndpoint(endpoint, person, maker.time)).toBe("deleted");
      expect(await store.deleteEndpoint(endpoint, person, maker.time)).toBe("not-found");
      expect(await store.createEndpoint(second)).toMatchObject({ kind: "created" });
      expect(await change(endpoint, { uid: null })).toEqual({ kind: "not-found" });
    });

    test("every change is a revision under the application's next version", async () => {
      const { store } = opened;
      const { application, endpoint } = await settle(store, maker);
      maker.time += 10;
      const updated = await change(endpoint, { url: "https://new.example" });
      expect(updated).toMatchObject({ endpoint: { version: 2, updatedAt: maker.time } });
      const other = maker.endpoint(application);
      expect(await store.createEndpoint(other)).toEqual({ kind: "created", version: 3 });
      await store.deleteEndpoint(endpoint, person, maker.time);
      const revisions = await store.endpointRevisions(endpoint);
      expect(revisions.map(({ version, config }) => [version, config?.url ?? null])).toEqual([
        [1, "https://receiver.example/hooks"],
        [2, "https://new.example"],
        [4, null],
      ]);
      expect(revisions.every(({ by }) => by.kind === "key")).toBe(true);
    });

    test("what was in force under a version can be told later", async () => {
      const { store } = opened;
      const { application, endpoint } = await settle(store, maker);
      await change(endpoint, { filter: "two" });
      const second = maker.endpoint(application);
      await store.createEndpoint(second);
      await store.deleteEndpoint(endpoint, person, maker.time);
      const at = async (version: number) => {
        const { endpoints } = await store.subscriptionsAt(application, version);
        return endpoints.map(({ id, config }) => [id, config.filter]);
      };
      expect(await at(0)).toEqual([]);
      expect(await at(1)).toEqual([[endpoint, null]]);
      expect(await at(2)).toEqual([[endpoint, "two"]]);
      expect(await at(3)).toEqual([
        [endpoint, "two"],
        [second.id, null],
      ]);
      expect(await at(4)).toEqual([[second.id, null]]);
      const now = present(await store.subscriptions(application));
      expect(now.version).toBe(4);
      expect(now.endpoints.map(({ id }) => id)).toEqual([second.id]);
    });

    test("pausing and disabling are events when they really change", async () => {
      const { store } = opened;
      const { endpoint } = await settle(store, maker);
      await change(endpoint, { url: "https://other.example", disabled: false });
      await change(endpoint, { disabled: true, paused: true });
      await change(endpoint, { disabled: true });
      await change(endpoint, { paused: false, disabled: false });
      const page = { limit: 10, order: "ascending" } as const;
      const events = await store.listEndpointEvents(endpoint, page);
      const kinds = events.items.map(({ kind }) => kind);
      expect(kinds).toEqual(["disabled", "paused", "enabled", "resumed"]);
      expect(new Set(events.items.map(({ id }) => id)).size).toBe(4);
    });

    test("a rotation keeps the old secrets for a while, the newest comes first", async () => {
      const { store } = opened;
      const { endpoint } = await settle(store, maker);
      const rotate = (text: string, oldExpireAt: number) =>
        store.rotateSecret(endpoint, {
          secret: { sealed: sealed(text), createdAt: maker.time, expiresAt: null },
          oldExpireAt,
          event: {
            id: maker.ids.next("endpointEvent"),
            endpoint,
            at: maker.time,
            kind: "secret-rotated",
            by: person,
            figures: {},
          },
        });
      const first = maker.time;
      await rotate("second", first + 1000);
      maker.time += 10;
      await rotate("third", first + 5000);
      const until = async (at: number) =>
        (await store.endpointSecrets(endpoint, at)).map(({ expiresAt }) => expiresAt);
      expect(await until(maker.time)).toEqual([null, first + 5000, first + 1000]);
      expect(await until(first + 1000)).toEqual([null, first + 5000]);
      expect(await until(first + 5000)).toEqual([null]);
      const page = { limit: 10, order: "descending" } as const;
      expect((await store.listEndpointEvents(endpoint, page)).items).toHaveLength(2);
      const nobody = maker.ids.next("endpoint");
      const rotation = {
        secret: { sealed: sealed("x"), createdAt: 1, expiresAt: null },
        oldExpireAt: 1,
        event: {
          id: maker.ids.next("endpointEvent"),
          endpoint: nobody,
          at: 1,
          kind: "secret-rotated",
          by: person,
          figures: {},
        },
      } as const;
      expect(await store.rotateSecret(nobody, rotation)).toEqual({ kind: "not-found" });
    });

    test("figures count every delivery once, in whole and in partial hours", async () => {
      const { store, dispatch } = opened;
      const { application, endpoint } = await settle(store, maker);
      const { epoch } = await dispatch.takeOver("worker-1");
      const start = Math.floor(maker.time / hourMs) * hourMs;
      const reasons = ["delivered", "unreachable", "expired", null] as const;
      // One delivery a quarter of an hour, over three hours.
      for (let quarter = 0; quarter < 12; quarter += 1) {
        maker.time = start + (quarter * hourMs) / 4;
        await store.publish(maker.publication(application, [endpoint]));
        const reason = reasons[quarter % 4] ?? null;
        const queued = present((await due(dispatch, endpoint, maker.time)).at(-1));
        if (reason === null) continue;
        const settlements = [{ kind: "end", attempt: maker.attempt(queued), reason }] as const;
        await dispatch.record(batch(epoch, { settlements }));
      }
      const counts = (success: number, fail: number, canceled: number, waiting: number) => ({
        success,
        fail,
        canceled,
        waiting,
      });
      const stats = (from: number, to: number) =>
        store.endpointStats(endpoint, start + from * hourMs, start + to * hourMs);
      expect(await stats(0, 3)).toEqual(counts(3, 3, 3, 3));
      expect(await stats(1, 2)).toEqual(counts(1, 1, 1, 1));
      expect(await stats(0.25, 2.5)).toEqual(counts(2, 3, 2, 2));
      expect(await stats(0.25, 0.75)).toEqual(counts(0, 1, 1, 0));
      expect(await stats(0.5, 1.25)).toEqual(counts(1, 0, 1, 1));
      expect(await stats(3, 9)).toEqual(counts(0, 0, 0, 0));
      expect(await store.endpointStats(endpoint, 0, start + 100 * hourMs)).toEqual(
        counts(3, 3, 3, 3),
      );
      const page = { limit: 1, order: "ascending" } as const;
      const first = only((await store.listMessages(application, {}, page)).items);
      maker.time = start + 1.5 * hourMs;
      await store.resend({
        application,
        message: first.id,
        endpoint,
        delivery: maker.ids.next("delivery"),
        at: maker.time,
      });
      expect(await stats(0, 3)).toEqual(counts(3, 3, 3, 4));
    });

    test("a lane's record is kept until the lane rests", async () => {
      const { store, dispatch } = opened;
      const { endpoint } = await settle(store, maker);
      const { epoch } = await dispatch.takeOver("worker-1");
      const lane = maker.lane(endpoint, { breaker: "open", probeAt: maker.time + 5, opened: 2 });
      await dispatch.record(batch(epoch, { lanes: [lane] }));
      expect(await store.laneOf(endpoint)).toEqual(lane);
      expect((await dispatch.takeOver("worker-2")).records).toEqual([lane]);
      const next = await dispatch.takeOver("worker-2");
      await dispatch.record(batch(next.epoch, { restedLanes: [endpoint] }));
      expect(await store.laneOf(endpoint)).toBeUndefined();
    });
  });
}
