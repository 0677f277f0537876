import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt } from "../../src/domain/delivery.ts";
import type { EndpointId, MessageId } from "../../src/domain/ids.ts";
import type { Message } from "../../src/domain/message.ts";
import type { EndReason } from "../../src/domain/reasons.ts";
import type { NewMessage, Resend } from "../../src/ports/message-store.ts";
import {
  batch,
  dayMs,
  due,
  Maker,
  only,
  pages,
  present,
  settle,
  person,
  type OpenedStore,
  type OpenStore,
} from "./fixtures.ts";

export function describeMessages(open: OpenStore): void {
  describe("messages, deliveries and attempts", () => {
    let opened: OpenedStore;
    let maker: Maker;
    let home: Awaited<ReturnType<typeof settle>>;
    let epoch: number;
    beforeEach(async () => {
      maker = new Maker();
      opened = await open();
      home = await settle(opened.store, maker, 3);
      ({ epoch } = await opened.dispatch.takeOver("worker-1"));
    });
    afterEach(() => opened.close());

    const publish = async (
      parts: Partial<NewMessage> = {},
      endpoints: readonly EndpointId[] = [home.endpoint],
    ) => {
      const publication = maker.publication(home.application, endpoints, parts);
      expect(await opened.store.publish(publication)).toEqual({ kind: "published" });
      return publication;
    };
    const end = async (endpoint: EndpointId, message: MessageId, reason: EndReason) => {
      const queued = (await due(opened.dispatch, endpoint, Number.MAX_SAFE_INTEGER)).find(
        (one) => one.message === message,
      );
      const attempt = maker.attempt(present(queued));
      const settlements = [{ kind: "end", attempt, reason }] as const;
      expect(await opened.dispatch.record(batch(epoch, { settlements }))).toBe("recorded");
      return attempt;
    };
    const resend = (message: MessageId, parts: Partial<Resend> = {}) =>
      opened.store.resend({
        application: home.application,
        message,
        endpoint: home.endpoint,
        delivery: maker.ids.next("delivery"),
        at: maker.time,
        ...parts,
      });

    test("a message is found as it was published, byte for byte", async () => {
      const { store } = opened;
      const body = Uint8Array.from({ length: 256 }, (_, n) => n);
      const { message } = await publish({
        eventId: "order-7",
        channels: ["a", "b"],
        tags: ["t"],
        content: { body, contentType: "application/xml", headers: { "x-a": "1" } },
        payloadJson: '{"big":12345678901234567890}',
        deliverAt: maker.time + 5,
        expiresAt: maker.time + 50,
      });
      const byId = await store.findMessage(home.application, { kind: "id", id: message.id });
      expect(byId).toEqual(message);
      const ref = { kind: "event-id", eventId: "order-7" } as const;
      expect(await store.findMessage(home.application, ref)).toEqual(message);
      const other = maker.application();
      await store.createApplication(other);
      expect(await store.findMessage(other.id, ref)).toBeUndefined();
      expect(await store.findMessage(other.id, { kind: "id", id: message.id })).toBeUndefined();
    });

    test("a body that is a part of a larger buffer, or empty, is kept as it is", async () => {
      const { store } = opened;
      const large = new Uint8Array(64).fill(7);
      large.set([1, 2, 3], 10);
      const parts = [large.subarray(10, 13), new Uint8Array(0)];
      for (const body of parts) {
        const content = { body, contentType: null, headers: {} };
        const { message } = await publish({ content });
        const found = await store.findMessage(home.application, { kind: "id", id: message.id });
        expect(Array.from(present(found?.content).body)).toEqual(Array.from(body));
      }
    });

    test("an event id is taken until the message's retention ends, and in its application", async () => {
      const { store } = opened;
      const { message } = await publish({ eventId: "e", retainUntil: maker.time + dayMs });
      const again = () => store.publish(maker.publication(home.application, [], { eventId: "e" }));
      expect(await again()).toEqual({ kind: "event-id-taken", by: message.id });
      const other = await settle(store, maker);
      const there = maker.publication(other.application, [], { eventId: "e" });
      expect(await store.publish(there)).toEqual({ kind: "published" });
      maker.time += dayMs;
      expect(await again()).toEqual({ kind: "published" });
    });

    test("conflicts of a shared commit fail alone", async () => {
      const { store } = opened;
      const { message } = await publish({ eventId: "taken" });
      const remember = maker.remember();
      await store.createApplication(maker.application(), remember);
      const fresh = Array.from({ length: 20 }, () =>
        maker.publication(home.application, [home.endpoint]),
      );
      const results = await Promise.all([
        ...fresh.slice(0, 10).map((publication) => store.publish(publication)),
        store.publish(maker.publication(home.application, [], { eventId: "taken" })),
        store.publish({ ...maker.publication(home.application, []), remember }),
        store.publish({
          ...maker.publication(home.application, []),
          remember: maker.remember({ requestHash: "9".repeat(64) }),
        }),
        store.publish(maker.publication(maker.ids.next("application"), [])),
        // An id twice is a mistake of the caller: it must not take the others with it.
        store.publish({ message, deliveries: [] }).catch(() => ({ kind: "failed" }) as const),
        ...fresh.slice(10).map((publication) => store.publish(publication)),
      ]);
      const published = results.filter(({ kind }) => kind === "published");
      expect(published).toHaveLength(20);
      expect(results.slice(10, 14)).toEqual([
        { kind: "event-id-taken", by: message.id },
        { kind: "repeated", answer: remember.answer },
        { kind: "key-reused" },
        { kind: "application-not-found" },
      ]);
      for (const {
        message: { id },
      } of fresh) {
        expect(await store.findMessage(home.application, { kind: "id", id })).toBeDefined();
      }
      expect(await due(opened.dispatch, home.endpoint, maker.time)).toHaveLength(21);
    });

    test("a repeated publish is told the message that it made", async () => {
      const { store } = opened;
      const publication = maker.publication(home.application, [home.endpoint]);
      const { id } = publication.message;
      const answer = { kind: "message", status: 202, message: id } as const;
      const remember = maker.remember({ answer });
      await store.publish({ ...publication, remember });
      const repeat = { ...maker.publication(home.application, [home.endpoint]), remember };
      expect(await store.publish(repeat)).toEqual({ kind: "repeated", answer });
      const list = await store.listMessages(home.application, {}, { limit: 9, order: "ascending" });
      expect(list.items.map((message) => message.id)).toEqual([id]);
    });

    test("messages are filtered by channel, tag, event type and time", async () => {
      const { store } = opened;
      const made: MessageId[] = [];
      for (let n = 0; n < 8; n += 1) {
        maker.time += 1000;
        const { message } = await publish({
          channels: n % 2 === 0 ? ["even", "all"] : ["all"],
          tags: n < 4 ? ["low"] : [],
          eventType: `type.${n % 3}`,
        });
        made.push(message.id);
      }
      const find = async (filter: Parameters<typeof store.listMessages>[1]) => {
        const page = { limit: 100, order: "ascending" } as const;
        const { items } = await store.listMessages(home.application, filter, page);
        return items.map(({ id }) => made.indexOf(id));
      };
      expect(await find({ channel: "even" })).toEqual([0, 2, 4, 6]);
      expect(await find({ channel: "eve" })).toEqual([]);
      expect(await find({ tag: "low", channel: "even" })).toEqual([0, 2]);
      expect(await find({ eventTypes: ["type.1", "type.2"] })).toEqual([1, 2, 4, 5, 7]);
      const first = maker.time - 7000;
      expect(await find({ after: first, before: first + 3000 })).toEqual([1, 2]);
    });

    test("a filtered list comes whole over its pages, in both orders, however sparse", async () => {
      const { store } = opened;
      const wanted: MessageId[] = [];
      const publications = Array.from({ length: 900 }, (_, n) => {
        maker.time += 1;
        const channels = n % 90 === 0 ? ["rare"] : [];
        const publication = maker.publication(home.application, [], { channels });
        if (n % 90 === 0) wanted.push(publication.message.id);
        return publication;
      });
      await Promise.all(publications.map((publication) => store.publish(publication)));
      for (const order of ["ascending", "descending"] as const) {
        const found = await pages<Message, MessageId>(
          { limit: 3, order },
          (page) => store.listMessages(home.application, { channel: "rare" }, page),
          (message) => message.id,
        );
        expect(found.map((page) => page.length)).toEqual([3, 3, 3, 1]);
        const ids = found.flat().map(({ id }) => id);
        expect(ids).toEqual(order === "ascending" ? wanted : wanted.toReversed());
      }
    });

    test("deleted content is gone from the message and from what waits", async () => {
      const { store, dispatch } = opened;
      const { message } = await publish({ payloadJson: "{}" });
      await store.deleteMessageContent(message.id);
      const found = await store.findMessage(home.application, { kind: "id", id: message.id });
      expect(found).toEqual({ ...message, content: null, payloadJson: null });
      expect(only(await due(dispatch, home.endpoint, maker.time)).content).toBeNull();
      expect(await resend(message.id)).toEqual({ kind: "content-deleted" });
    });

    test("a message's deliveries are listed by endpoint, waiting and ended alike", async () => {
      const { store } = opened;
      const { message, deliveries } = await publish({}, home.endpoints);
      const [first, second, third] = home.endpoints;
      await end(present(second), message.id, "unreachable");
      const page = { limit: 2, order: "ascending" } as const;
      const list = await store.listDeliveriesOfMessage(message.id, page);
      expect(list.done).toBe(false);
      expect(list.items.map(({ view, endpoint }) => [view.kind, endpoint.id])).toEqual([
        ["waiting", first],
        ["ended", second],
      ]);
      expect(list.items.map(({ view }) => view.delivery.id)).toEqual(
        deliveries.slice(0, 2).map(({ id }) => id),
      );
      const from = { key: present(second), side: "after" } as const;
      const rest = await store.listDeliveriesOfMessage(message.id, { ...page, from });
      expect(rest.done).toBe(true);
      expect(only(rest.items).endpoint.id).toBe(third);
    });

    test("a deleted endpoint still shows what it got", async () => {
      const { store } = opened;
      const { message } = await publish();
      await store.deleteEndpoint(home.endpoint, person, maker.time);
      const page = { limit: 5, order: "ascending" } as const;
      const item = only((await store.listDeliveriesOfMessage(message.id, page)).items);
      expect(item.endpoint.id).toBe(home.endpoint);
      expect(item.view).toMatchObject({ kind: "waiting", endpoint: undefined });
    });

    test("an endpoint's messages are listed with their latest delivery", async () => {
      const { store } = opened;
      const made: MessageId[] = [];
      for (let n = 0; n < 6; n += 1) {
        maker.time += 1000;
        made.push((await publish({ channels: n < 3 ? ["low"] : [] })).message.id);
      }
      await end(home.endpoint, present(made[0]), "delivered");
      await end(home.endpoint, present(made[2]), "expired");
      await end(home.endpoint, present(made[4]), "attempts-exhausted");
      const again = await resend(present(made[4]));
      expect(again).toMatchObject({ kind: "created" });
      const read = async (filter: Parameters<typeof store.listDeliveriesOfEndpoint>[1]) => {
        const found = await pages<{ readonly message: Message }, MessageId>(
          { limit: 2, order: "descending" },
          (page) => store.listDeliveriesOfEndpoint(home.endpoint, filter, page),
          ({ message }) => message.id,
        );
        return found.flat().map(({ message }) => made.indexOf(message.id));
      };
      expect(await read({})).toEqual([5, 4, 3, 2, 1, 0]);
      expect(await read({ channel: "low" })).toEqual([2, 1, 0]);
      expect(await read({ state: "succeeded" })).toEqual([0]);
      expect(await read({ state: "discarded" })).toEqual([2]);
      expect(await read({ state: "failed" })).toEqual([]);
      expect(await read({ state: "scheduled" })).toEqual([5, 4, 3, 1]);
      expect(await read({ state: "held" })).toEqual([]);
      await store.updateEndpoint(home.endpoint, {
        config: { paused: true },
        by: person,
        at: maker.time,
        eventId: maker.ids.next("endpointEvent"),
      });
      expect(await read({ state: "held", channel: "low" })).toEqual([1]);
      expect(await read({ state: "scheduled" })).toEqual([]);
    });

    test("an attempt is found as it was recorded until its content is deleted", async () => {
      const { store } = opened;
      const { message } = await publish();
      const attempt = await end(home.endpoint, message.id, "delivered");
      expect(await store.findAttempt(message.id, attempt.id)).toEqual(attempt);
      const other = maker.ids.next("attempt");
      expect(await store.findAttempt(message.id, other)).toBeUndefined();
      expect(await store.deleteAttemptContent(message.id, other)).toBe("not-found");
      expect(await store.deleteAttemptContent(message.id, attempt.id)).toBe("deleted");
      const emptied = { ...attempt.response, headers: [], body: new Uint8Array(0) };
      expect(await store.findAttempt(message.id, attempt.id)).toEqual({
        ...attempt,
        response: emptied,
      });
    });

    test("attempts are filtered by outcome, status, endpoint, message and time", async () => {
      const { store, dispatch } = opened;
      const { message } = await publish({ channels: ["c"], tags: ["t"] }, home.endpoints);
      const started = maker.time;
      const none = { outcome: "unknown", errorClass: "response-timeout", response: null } as const;
      const answered = { status: 503, headers: [], body: new Uint8Array(0), truncated: true };
      const kinds = [none, { outcome: "rejected", response: answered } as const, {}];
      const attempts: Attempt[] = [];
      for (const [index, endpoint] of home.endpoints.entries()) {
        maker.time += 1000;
        const queued = only(await due(dispatch, endpoint, maker.time));
        const attempt = maker.attempt(queued, { ...kinds[index] });
        attempts.push(attempt);
        const retry = { kind: "retry", attempt, due: maker.time + 5000, rule: "schedule" } as const;
        await dispatch.record(batch(epoch, { settlements: [retry] }));
      }
      const page = { limit: 10, order: "ascending" } as const;
      const find = async (filter: Parameters<typeof store.listAttemptsOfMessage>[1]) => {
        const { items } = await store.listAttemptsOfMessage(message.id, filter, page);
        return items.map(({ id }) => attempts.findIndex((attempt) => attempt.id === id));
      };
      expect((await store.listAttemptsOfMessage(message.id, {}, page)).items).toEqual(attempts);
      expect(await find({ outcome: ["unknown", "rejected"] })).toEqual([0, 1]);
      expect(await find({ statusCodeClass: 0 })).toEqual([0]);
      expect(await find({ statusCodeClass: 500 })).toEqual([1]);
      expect(await find({ endpoint: present(home.endpoints[2]) })).toEqual([2]);
      expect(await find({ channel: "c", tag: "t", eventTypes: ["invoice.paid"] })).toHaveLength(3);
      expect(await find({ channel: "other" })).toEqual([]);
      expect(await find({ after: started + 1000, before: started + 3000 })).toEqual([1]);
      const ofEndpoint = await store.listAttemptsOfEndpoint(home.endpoint, {}, page);
      expect(only(ofEndpoint.items)).toEqual(attempts[0]);
    });

    test("a resend moves what waits to now and keeps the place of what is due", async () => {
      const { dispatch } = opened;
      const later = maker.publication(home.application, []);
      const planned = maker.planned(home.endpoint, { due: maker.time + dayMs, rule: "deliver-at" });
      await opened.store.publish({ ...later, deliveries: [planned] });
      maker.time += 1000;
      const moved = await resend(later.message.id);
      expect(moved).toEqual({ kind: "moved", delivery: planned.id });
      const queued = only(await due(dispatch, home.endpoint, maker.time));
      expect(queued).toMatchObject({ id: planned.id, due: maker.time, rule: "manual" });
      const before = queued.due;
      maker.time += 1000;
      await resend(later.message.id);
      expect(only(await due(dispatch, home.endpoint, maker.time)).due).toBe(before);
    });

    test("a resend of a finished delivery is a new one, linked to the old", async () => {
      const { dispatch, store } = opened;
      const { message, deliveries } = await publish({ expiresAt: maker.time + 5 });
      await end(home.endpoint, message.id, "unreachable");
      maker.time += 1000;
      const delivery = maker.ids.next("delivery");
      const old = only(deliveries).id;
      expect(await resend(message.id, { delivery })).toEqual({ kind: "created", resendOf: old });
      const queued = only(await due(dispatch, home.endpoint, maker.time));
      expect(queued).toMatchObject({ id: delivery, resendOf: old, attempts: 0, rule: "manual" });
      expect(queued.expiresAt).toBeNull();
      await end(home.endpoint, message.id, "delivered");
      const page = { limit: 5, order: "ascending" } as const;
      const item = only((await store.listDeliveriesOfMessage(message.id, page)).items);
      expect(item.view).toMatchObject({
        kind: "ended",
        delivery: { id: delivery, reason: "delivered", resendOf: old, attempts: 1 },
      });
    });

    test("a resend to an endpoint that the message was not planned for makes a delivery", async () => {
      const { message } = await publish({}, []);
      expect(await resend(message.id)).toEqual({ kind: "created", resendOf: null });
      expect(await due(opened.dispatch, home.endpoint, maker.time)).toHaveLength(1);
    });

    test("a resend is refused for what is not there and for a disabled endpoint", async () => {
      const { store } = opened;
      const { message } = await publish();
      const other = await settle(store, maker);
      expect(await resend(maker.ids.next("message"))).toEqual({ kind: "not-found" });
      expect(await resend(message.id, { endpoint: other.endpoint })).toEqual({ kind: "not-found" });
      expect(await resend(message.id, { application: other.application })).toEqual({
        kind: "not-found",
      });
      await store.updateEndpoint(home.endpoint, {
        config: { disabled: true },
        by: person,
        at: maker.time,
        eventId: maker.ids.next("endpointEvent"),
      });
      expect(await resend(message.id)).toEqual({ kind: "endpoint-disabled" });
      await store.deleteEndpoint(home.endpoint, person, maker.time);
      expect(await resend(message.id)).toEqual({ kind: "not-found" });
    });

    test("a repeated resend makes nothing twice", async () => {
      const { message } = await publish({}, []);
      const remember = maker.remember();
      expect(await resend(message.id, { remember })).toMatchObject({ kind: "created" });
      expect(await resend(message.id, { remember })).toMatchObject({ kind: "repeated" });
      expect(await due(opened.dispatch, home.endpoint, maker.time)).toHaveLength(1);
    });
  });
}
