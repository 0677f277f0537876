import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EndpointId } from "../../src/domain/ids.ts";
import type { FeedItem, QueuedDelivery } from "../../src/ports/dispatch-store.ts";
import {
  batch,
  dayMs,
  due,
  Maker,
  only,
  person,
  present,
  sealed,
  settle,
  type OpenedStore,
  type OpenStore,
} from "./fixtures.ts";

export function describeDispatch(open: OpenStore): void {
  describe("the owner's side", () => {
    let opened: OpenedStore;
    let maker: Maker;
    let home: Awaited<ReturnType<typeof settle>>;
    let feed: FeedItem[];
    beforeEach(async () => {
      maker = new Maker();
      opened = await open();
      home = await settle(opened.store, maker, 2);
      feed = [];
      opened.dispatch.listen((items) => feed.push(...items));
    });
    afterEach(() => opened.close());

    const publish = (endpoints: readonly EndpointId[] = [home.endpoint], expiresAt?: number) =>
      opened.store.publish(
        maker.publication(
          home.application,
          endpoints,
          expiresAt === undefined ? {} : { expiresAt },
        ),
      );
    const read = (parts: Partial<Parameters<typeof opened.dispatch.readLane>[0]> = {}) =>
      opened.dispatch.readLane({
        endpoint: home.endpoint,
        now: maker.time,
        limit: 10,
        maxBytes: 2 ** 20,
        skip: [],
        ...parts,
      });
    const committed = () =>
      feed.flatMap((item) => (item.kind === "committed" ? item.deliveries : []));
    const lanes = () => feed.flatMap((item) => (item.kind === "waiting" ? item.lanes : []));

    test("a delivery lies with its endpoint, also in another partition than its message", async () => {
      const endpoint = { ...maker.endpoint(home.application), partition: 9 };
      await opened.store.createEndpoint(endpoint);
      await publish([endpoint.id]);
      expect(only(await due(opened.dispatch, endpoint.id, maker.time)).endpoint).toBe(endpoint.id);
      expect(await opened.dispatch.waitingOf(endpoint.id, 5)).toHaveLength(1);
    });

    test("a takeover says what waits where, and each raises the epoch", async () => {
      const { dispatch } = opened;
      const [first, second] = home.endpoints;
      const start = maker.time;
      for (let n = 0; n < 5; n += 1) await publish([present(first)]);
      maker.time += 1000;
      await publish([present(second)]);
      const takeover = await dispatch.takeOver("worker-1");
      expect(takeover.partitions.length).toBeGreaterThan(0);
      expect(takeover.lanes.toSorted((a, b) => a.due - b.due)).toEqual([
        { endpoint: first, due: start },
        { endpoint: second, due: start + 1000 },
      ]);
      expect((await dispatch.takeOver("worker-2")).epoch).toBe(takeover.epoch + 1);
    });

    test("a takeover tells whether the last owner stopped in order", async () => {
      const { dispatch } = opened;
      const first = await dispatch.takeOver("worker-1");
      expect(first.afterCrash).toBe(false);
      const second = await dispatch.takeOver("worker-2");
      expect(second.afterCrash).toBe(true);
      // It has the partitions no more.
      await dispatch.release(first.epoch);
      const third = await dispatch.takeOver("worker-3");
      expect(third.afterCrash).toBe(true);
      await dispatch.release(third.epoch);
      expect((await dispatch.takeOver("worker-4")).afterCrash).toBe(false);
    });

    test("who lost the lease writes nothing", async () => {
      const { dispatch, store } = opened;
      await publish();
      const { epoch } = await dispatch.takeOver("worker-1");
      await dispatch.takeOver("worker-2");
      const queued = only(await due(dispatch, home.endpoint, maker.time));
      const attempt = maker.attempt(queued);
      const settlements = [{ kind: "end", attempt, reason: "delivered" }] as const;
      const late = batch(epoch, { settlements, lanes: [maker.lane(home.endpoint)] });
      expect(await dispatch.record(late)).toBe("lease-lost");
      expect(await store.findAttempt(queued.message, attempt.id)).toBeUndefined();
      expect(await store.laneOf(home.endpoint)).toBeUndefined();
      expect(await due(dispatch, home.endpoint, maker.time)).toHaveLength(1);
    });

    test("a lane is read in order of due and id, within rows and bytes", async () => {
      const made: QueuedDelivery[] = [];
      for (let n = 0; n < 6; n += 1) {
        const { message, deliveries } = maker.publication(home.application, [home.endpoint]);
        const planned = { ...only(deliveries), due: maker.time - (n % 3) * 10 };
        await opened.store.publish({ message, deliveries: [planned] });
        const { content, expiresAt } = message;
        made.push({
          ...planned,
          application: home.application,
          message: message.id,
          attempts: 0,
          resendOf: null,
          expiresAt,
          content,
        });
      }
      made.sort((a, b) => a.due - b.due || a.id - b.id);
      expect(await read()).toEqual({ deliveries: made, nextDue: null });
      const two = await read({ limit: 2 });
      expect(two).toEqual({ deliveries: made.slice(0, 2), nextDue: present(made[2]).due });
      const bytes = present(made[0]?.content).body.byteLength;
      const first = await read({ maxBytes: 1 });
      expect(first).toEqual({ deliveries: made.slice(0, 1), nextDue: present(made[1]).due });
      expect((await read({ maxBytes: bytes * 3 })).deliveries).toHaveLength(3);
      const skip = [present(made[0]).id, present(made[2]).id];
      const skipped = await read({ limit: 2, skip });
      expect(skipped.deliveries).toEqual([made[1], made[3]]);
      expect(skipped.nextDue).toBe(present(made[4]).due);
      expect((await read({ skip: made.map(({ id }) => id) })).nextDue).toBeNull();
    });

    test("what is not due yet stays, and the window says when it is", async () => {
      const { store } = opened;
      const { message } = maker.publication(home.application, []);
      const now = maker.planned(home.endpoint);
      await store.publish({ message, deliveries: [now] });
      const later = maker.publication(home.application, []);
      const planned = maker.planned(home.endpoint, { due: maker.time + 500 });
      await store.publish({ message: later.message, deliveries: [planned] });
      const window = await read();
      expect(window.deliveries.map(({ id }) => id)).toEqual([now.id]);
      expect(window.nextDue).toBe(maker.time + 500);
      expect((await read({ skip: [planned.id] })).nextDue).toBeNull();
      expect((await read({ now: maker.time + 500 })).deliveries).toHaveLength(2);
      expect(await read({ endpoint: maker.ids.next("endpoint") })).toEqual({
        deliveries: [],
        nextDue: null,
      });
    });

    test("a retry moves the delivery and counts its attempts", async () => {
      const { dispatch } = opened;
      await publish();
      const { epoch } = await dispatch.takeOver("worker-1");
      const queued = only(await due(dispatch, home.endpoint, maker.time));
      const attempt = maker.attempt(queued, { number: 3 });
      const later = maker.time + 5000;
      const retry = { kind: "retry", attempt, due: later, rule: "retry-after" } as const;
      await dispatch.record(batch(epoch, { settlements: [retry] }));
      expect(await read()).toEqual({ deliveries: [], nextDue: later });
      const moved = { ...queued, due: later, rule: "retry-after", attempts: 3 };
      expect(await due(dispatch, home.endpoint, later)).toEqual([moved]);
    });

    test("a settlement of a delivery that no longer waits keeps its attempt alone", async () => {
      const { dispatch, store } = opened;
      await publish();
      const { epoch } = await dispatch.takeOver("worker-1");
      const queued = only(await due(dispatch, home.endpoint, maker.time));
      const first = maker.attempt(queued);
      const end = { kind: "end", attempt: first, reason: "delivered" } as const;
      await dispatch.record(batch(epoch, { settlements: [end] }));
      const [second, third] = [maker.attempt(queued), maker.attempt(queued)];
      await dispatch.record(
        batch(epoch, {
          settlements: [
            { kind: "end", attempt: second, reason: "unreachable" },
            { kind: "retry", attempt: third, due: maker.time, rule: "schedule" },
            {
              kind: "discard",
              delivery: queued.id,
              endpoint: queued.endpoint,
              reason: "expired",
              at: maker.time,
            },
          ],
        }),
      );
      const page = { limit: 10, order: "ascending" } as const;
      const attempts = await store.listAttemptsOfMessage(queued.message, {}, page);
      expect(attempts.items).toEqual([first, second, third]);
      const item = only((await store.listDeliveriesOfMessage(queued.message, page)).items);
      expect(item.view).toMatchObject({ kind: "ended", delivery: { reason: "delivered" } });
      expect(await due(dispatch, home.endpoint, maker.time)).toEqual([]);
      expect(await store.endpointStats(home.endpoint, 0, maker.time + dayMs)).toEqual({
        success: 1,
        fail: 0,
        canceled: 0,
        waiting: 0,
      });
    });

    test("a discard ends a delivery without an attempt", async () => {
      const { dispatch, store } = opened;
      await publish();
      const { epoch } = await dispatch.takeOver("worker-1");
      const queued = only(await due(dispatch, home.endpoint, maker.time));
      const at = maker.time + 7;
      const { endpoint } = queued;
      const discard = {
        kind: "discard",
        delivery: queued.id,
        endpoint,
        reason: "expired",
        at,
      } as const;
      await dispatch.record(batch(epoch, { settlements: [discard] }));
      const page = { limit: 10, order: "ascending" } as const;
      const item = only((await store.listDeliveriesOfMessage(queued.message, page)).items);
      expect(item.view).toMatchObject({
        kind: "ended",
        delivery: { id: queued.id, reason: "expired", attempts: 0, endedAt: at, partition: 5 },
      });
    });

    test("expired deliveries come earliest first, and what waits can be listed to be discarded", async () => {
      const { dispatch } = opened;
      await dispatch.takeOver("worker-1");
      for (const after of [300, 100, 200]) await publish([home.endpoint], maker.time + after);
      await publish();
      const all = await due(dispatch, home.endpoint, maker.time);
      const expiring = all.filter(({ expiresAt }) => expiresAt !== null);
      expiring.sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0));
      const partition = (await dispatch.targets([home.endpoint]))[0]?.partition;
      const expired = await dispatch.expired(maker.time + 200, 10);
      expect(expired).toEqual(
        expiring.slice(0, 2).map(({ id }) => ({ id, endpoint: home.endpoint, partition })),
      );
      expect(await dispatch.expired(maker.time + 500, 1)).toHaveLength(1);
      const waiting = await dispatch.waitingOf(home.endpoint, 3);
      expect(waiting).toEqual(all.slice(0, 3).map(({ id }) => id));
    });

    test("a rule disables an endpoint once, as a revision and an event", async () => {
      const { dispatch, store } = opened;
      const { epoch } = await dispatch.takeOver("worker-1");
      const disable = () => ({
        endpoint: home.endpoint,
        rule: "failing-too-long" as const,
        event: {
          id: maker.ids.next("endpointEvent"),
          endpoint: home.endpoint,
          at: maker.time,
          kind: "disabled" as const,
          by: { kind: "rule", rule: "failing-too-long" } as const,
          figures: { failures: 12, since: "2026-01-01" },
        },
      });
      const first = disable();
      await dispatch.record(batch(epoch, { disables: [first] }));
      await dispatch.record(batch(epoch, { disables: [disable()] }));
      const ref = { kind: "id", id: home.endpoint } as const;
      const endpoint = present(await store.findEndpoint(home.application, ref));
      expect(endpoint.config.disabled).toBe(true);
      const revisions = await store.endpointRevisions(home.endpoint);
      expect(revisions).toHaveLength(2);
      expect(revisions[1]).toMatchObject({
        by: { kind: "rule", rule: "failing-too-long" },
        version: endpoint.version,
      });
      const page = { limit: 10, order: "ascending" } as const;
      const events = await store.listEndpointEvents(home.endpoint, page);
      expect(events.items).toEqual([first.event]);
      expect(only(await dispatch.targets([home.endpoint])).gate).toBe("disabled");
      await store.deleteEndpoint(home.endpoint, person, maker.time);
      await dispatch.record(batch(epoch, { disables: [disable()] }));
      expect(await store.endpointRevisions(home.endpoint)).toHaveLength(3);
    });

    test("a target has what a request needs, and says why an endpoint gets none", async () => {
      const { dispatch, store } = opened;
      const headers = { sealed: sealed("{}"), names: ["a"] };
      const made = maker.endpoint(home.application, { headers, throttleRate: 2.5 });
      await store.createEndpoint(made);
      await store.updateApplication(home.application, { throttleRate: 9 }, maker.time);
      const target = async () => only(await dispatch.targets([made.id]));
      expect(await target()).toEqual({
        endpoint: made.id,
        application: home.application,
        partition: 5,
        version: 3,
        url: made.config.url,
        headers,
        secrets: [made.secret],
        throttleRate: 2.5,
        applicationThrottleRate: 9,
        gate: "open",
      });
      const change = (config: { paused?: boolean; disabled?: boolean }) =>
        store.updateEndpoint(made.id, {
          config,
          by: person,
          at: maker.time,
          eventId: maker.ids.next("endpointEvent"),
        });
      await change({ paused: true });
      expect((await target()).gate).toBe("paused");
      await change({ disabled: true });
      expect((await target()).gate).toBe("disabled");
      await store.deleteEndpoint(made.id, person, maker.time);
      expect((await target()).gate).toBe("endpoint-deleted");
      await store.deleteApplication(home.application, person, maker.time);
      expect((await target()).gate).toBe("application-deleted");
      expect(await dispatch.targets([maker.ids.next("endpoint")])).toEqual([]);
    });

    test("what is due comes over the feed with its content, before later reads answer", async () => {
      const { dispatch } = opened;
      await dispatch.takeOver("worker-1");
      await publish(home.endpoints);
      await dispatch.targets([]);
      const [one, two] = committed();
      expect(committed().map(({ endpoint }) => endpoint)).toEqual(home.endpoints);
      expect(present(one).content).toBe(present(two).content);
      expect(only(await due(dispatch, home.endpoint, maker.time))).toEqual(one);
    });

    test("what waited before the takeover does not come over the feed", async () => {
      const { dispatch } = opened;
      await publish();
      await dispatch.takeOver("worker-1");
      await publish();
      await dispatch.targets([]);
      expect(committed()).toHaveLength(1);
    });

    test("what is due later is told as waiting, and what a resend moved comes with its content", async () => {
      const { dispatch, store } = opened;
      await dispatch.takeOver("worker-1");
      const { message } = maker.publication(home.application, []);
      const planned = maker.planned(home.endpoint, { due: maker.time + dayMs });
      await store.publish({ message, deliveries: [planned] });
      await dispatch.targets([]);
      expect(lanes()).toEqual([{ endpoint: home.endpoint, due: maker.time + dayMs }]);
      await store.resend({
        application: home.application,
        message: message.id,
        endpoint: home.endpoint,
        delivery: maker.ids.next("delivery"),
        at: maker.time,
      });
      await dispatch.targets([]);
      expect(lanes()).toHaveLength(1);
      expect(committed()).toEqual([
        expect.objectContaining({
          id: planned.id,
          due: maker.time,
          rule: "manual",
          content: message.content,
        }),
      ]);
    });

    test("changes of endpoints, secrets and applications are told with the new target", async () => {
      const { dispatch, store } = opened;
      await dispatch.takeOver("worker-1");
      const changed = async () => {
        await dispatch.targets([]);
        const items = feed.splice(0);
        return items.flatMap((item) => (item.kind === "changed" ? item.targets : []));
      };
      await store.updateEndpoint(home.endpoint, {
        config: { paused: true },
        by: person,
        at: maker.time,
        eventId: maker.ids.next("endpointEvent"),
      });
      expect(only(await changed())).toMatchObject({ endpoint: home.endpoint, gate: "paused" });
      await store.rotateSecret(home.endpoint, {
        secret: { sealed: sealed("new"), createdAt: maker.time, expiresAt: null },
        oldExpireAt: maker.time + 10,
        event: {
          id: maker.ids.next("endpointEvent"),
          endpoint: home.endpoint,
          at: maker.time,
          kind: "secret-rotated",
          by: person,
          figures: {},
        },
      });
      expect(only(await changed()).secrets).toHaveLength(2);
      await store.updateApplication(home.application, { name: "other" }, maker.time);
      expect(await changed()).toEqual([]);
      await store.updateApplication(home.application, { throttleRate: 4 }, maker.time);
      expect((await changed()).map((target) => target.applicationThrottleRate)).toEqual([4, 4]);
      await store.deleteEndpoint(home.endpoint, person, maker.time);
      expect(only(await changed()).gate).toBe("endpoint-deleted");
      await store.deleteApplication(home.application, person, maker.time);
      expect(only(await changed()).gate).toBe("application-deleted");
    });

    test("a listener that is behind is told lanes instead of bytes, and loses nothing", async () => {
      const { dispatch, store } = opened;
      await dispatch.takeOver("worker-1");
      const body = new Uint8Array(2 ** 20);
      const publications = Array.from({ length: 40 }, () =>
        maker.publication(home.application, [home.endpoint], {
          content: { body, contentType: null, headers: {} },
        }),
      );
      // All at once, so that the listener cannot have returned in between.
      await Promise.all(publications.map((publication) => store.publish(publication)));
      await dispatch.targets([]);
      const rows = await due(dispatch, home.endpoint, maker.time);
      expect(rows).toHaveLength(40);
      const told = committed().length;
      expect(told).toBeLessThanOrEqual(40);
      if (told < 40) expect(lanes()).toContainEqual({ endpoint: home.endpoint, due: maker.time });
    });
  });
}
