import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Change } from "../../src/ports/store.ts";
import {
  batch,
  Maker,
  only,
  settle,
  type OpenedStore,
  type OpenStore,
  person,
} from "./fixtures.ts";

export function describeApplications(open: OpenStore): void {
  describe("applications, event types and keys", () => {
    let opened: OpenedStore;
    let maker: Maker;
    beforeEach(async () => {
      maker = new Maker();
      opened = await open();
    });
    afterEach(() => opened.close());

    test("an application is found by id and by uid as it was written", async () => {
      const { store } = opened;
      const application = maker.application({
        uid: "acme",
        throttleRate: 12,
        metadata: { tier: "gold", ключ: "значение" },
      });
      expect(await store.createApplication(application)).toEqual({ kind: "created" });
      const byId = await store.findApplication({ kind: "id", id: application.id });
      expect(byId).toEqual(application);
      expect(await store.findApplication({ kind: "uid", uid: "acme" })).toEqual(application);
      expect(await store.findApplication({ kind: "uid", uid: "other" })).toBeUndefined();
    });

    test("a taken uid is refused and names who has it", async () => {
      const { store } = opened;
      const first = maker.application({ uid: "acme" });
      await store.createApplication(first);
      const second = maker.application({ uid: "acme" });
      expect(await store.createApplication(second)).toEqual({ kind: "uid-taken", by: first });
      expect(await store.findApplication({ kind: "id", id: second.id })).toBeUndefined();
      const third = maker.application();
      await store.createApplication(third);
      expect(await store.updateApplication(third.id, { uid: "acme" }, maker.time)).toEqual({
        kind: "uid-taken",
      });
      const same = await store.updateApplication(first.id, { uid: "acme", name: "B" }, maker.time);
      expect(same).toMatchObject({ kind: "updated", application: { name: "B" } });
    });

    test("an update changes what it names and nothing else", async () => {
      const { store } = opened;
      const application = maker.application({ uid: "acme", throttleRate: 5, metadata: { a: "b" } });
      await store.createApplication(application);
      const at = maker.time + 10;
      const updated = { ...application, throttleRate: null, updatedAt: at };
      expect(await store.updateApplication(application.id, { throttleRate: null }, at)).toEqual({
        kind: "updated",
        application: updated,
      });
      const found = await store.findApplication({ kind: "id", id: application.id });
      expect(found).toEqual(updated);
    });

    test("a deleted application is found nowhere, its uid is free and its keys are dead", async () => {
      const { store } = opened;
      const application = maker.application({ uid: "acme" });
      await store.createApplication(application);
      const endpoint = maker.endpoint(application.id, { uid: "ep" });
      await store.createEndpoint(endpoint);
      await store.createKey({
        id: maker.ids.next("apiKey"),
        name: "theirs",
        tokenHash: "ab".repeat(32),
        scope: { kind: "application", application: application.id },
        createdAt: maker.time,
        revokedAt: null,
      });
      expect(await store.deleteApplication(application.id, person, maker.time)).toBe("deleted");
      expect(await store.deleteApplication(application.id, person, maker.time)).toBe("not-found");
      expect(await store.findApplication({ kind: "id", id: application.id })).toBeUndefined();
      expect(await store.findApplication({ kind: "uid", uid: "acme" })).toBeUndefined();
      expect((await store.listApplications({ limit: 10, order: "ascending" })).items).toEqual([]);
      const ref = { kind: "id", id: endpoint.id } as const;
      expect(await store.findEndpoint(application.id, ref)).toBeUndefined();
      expect(await store.subscriptions(application.id)).toBeUndefined();
      expect(await store.findKeyByHash("ab".repeat(32))).toBeUndefined();
      expect(await store.publish(maker.publication(application.id, []))).toEqual({
        kind: "application-not-found",
      });
      expect(await store.createEndpoint(maker.endpoint(application.id))).toEqual({
        kind: "application-not-found",
      });
      expect(await store.createApplication(maker.application({ uid: "acme" }))).toEqual({
        kind: "created",
      });
    });

    test("a list stays right while rows are added and removed", async () => {
      const { store } = opened;
      const made = Array.from({ length: 5 }, () => maker.application());
      for (const application of made) await store.createApplication(application);
      const first = await store.listApplications({ limit: 2, order: "descending" });
      expect(first.items.map(({ id }) => id)).toEqual([made[4]?.id, made[3]?.id]);
      expect(first.done).toBe(false);
      await store.createApplication(maker.application());
      await store.deleteApplication(
        made[3]?.id ?? maker.ids.next("application"),
        person,
        maker.time,
      );
      const key = made[3]?.id ?? maker.ids.next("application");
      const from = { key, side: "after" } as const;
      const second = await store.listApplications({ limit: 2, order: "descending", from });
      expect(second.items.map(({ id }) => id)).toEqual([made[2]?.id, made[1]?.id]);
      const from2 = { key: made[1]?.id ?? key, side: "after" } as const;
      const third = await store.listApplications({ limit: 2, order: "descending", from: from2 });
      expect(third).toMatchObject({ done: true, items: [{ id: made[0]?.id }] });
    });

    test("a page before a key comes in the asked order and tells whether more precede it", async () => {
      const { store } = opened;
      const made = Array.from({ length: 5 }, () => maker.application());
      for (const application of made) await store.createApplication(application);
      const key = made[4]?.id ?? maker.ids.next("application");
      const from = { key, side: "before" } as const;
      const page = await store.listApplications({ limit: 3, order: "ascending", from });
      expect(page.items.map(({ id }) => id)).toEqual([made[1]?.id, made[2]?.id, made[3]?.id]);
      expect(page.done).toBe(false);
      const from2 = { key: made[1]?.id ?? key, side: "before" } as const;
      const rest = await store.listApplications({ limit: 3, order: "ascending", from: from2 });
      expect(rest).toMatchObject({ done: true, items: [{ id: made[0]?.id }] });
    });

    test("a repeated request is told the first answer and changes nothing", async () => {
      const { store } = opened;
      const remember = maker.remember();
      await store.createApplication(maker.application({ name: "first" }), remember);
      const again = await store.createApplication(maker.application({ name: "second" }), remember);
      expect(again).toEqual({ kind: "repeated", answer: remember.answer });
      const other = maker.remember({ requestHash: "3".repeat(64) });
      expect(await store.createApplication(maker.application(), other)).toEqual({
        kind: "key-reused",
      });
      const list = await store.listApplications({ limit: 10, order: "ascending" });
      expect(list.items.map(({ name }) => name)).toEqual(["first"]);
    });

    test("an expired idempotency key is as none, and a refused write is not remembered", async () => {
      const { store } = opened;
      await store.createApplication(maker.application(), maker.remember());
      maker.time += 2 * 86_400_000;
      const later = maker.remember({ requestHash: "4".repeat(64) });
      expect(await store.createApplication(maker.application({ uid: "a" }), later)).toEqual({
        kind: "created",
      });
      const refused = maker.remember({ keyHash: "5".repeat(64) });
      expect(await store.createApplication(maker.application({ uid: "a" }), refused)).toMatchObject(
        {
          kind: "uid-taken",
        },
      );
      expect(await store.createApplication(maker.application(), refused)).toEqual({
        kind: "created",
      });
    });

    test("changes are told before the call that made them resolves", async () => {
      const { store, dispatch } = opened;
      const heard: Change[] = [];
      store.onChange((change) => heard.push(change));
      const take = () => heard.splice(0).map(({ kind }) => kind);
      const application = maker.application();
      await store.createApplication(application);
      await store.updateApplication(application.id, { name: "B" }, maker.time);
      expect(new Set(take())).toEqual(new Set(["application"]));
      const endpoint = maker.endpoint(application.id);
      await store.createEndpoint(endpoint);
      expect(take()).toEqual(["application"]);
      await store.updateEndpoint(endpoint.id, {
        config: { filter: "x" },
        by: { kind: "key", key: null },
        at: maker.time,
        eventId: maker.ids.next("endpointEvent"),
      });
      expect(take()).toEqual(["application"]);
      const { epoch } = await dispatch.takeOver("worker-1");
      const event = {
        id: maker.ids.next("endpointEvent"),
        endpoint: endpoint.id,
        at: maker.time,
        kind: "disabled",
        by: { kind: "rule", rule: "gone" },
        figures: {},
      } as const;
      const disables = [{ endpoint: endpoint.id, rule: "gone", event }] as const;
      await dispatch.record(batch(epoch, { disables }));
      await store.findApplication({ kind: "id", id: application.id });
      expect(take()).toEqual(["application"]);
      await store.deleteEndpoint(endpoint.id, { kind: "key", key: null }, maker.time);
      await store.createEventType(eventType("a.b"));
      await store.createKey(key(maker, "00".repeat(32)));
      expect(take()).toEqual(["application", "event-type", "keys"]);
    });

    test("event types are listed by name, archived ones only when asked", async () => {
      const { store } = opened;
      for (const name of ["b.two", "a.one", "c.three"])
        await store.createEventType(eventType(name));
      await store.deleteEventType("b.two", { expunge: false, at: maker.time });
      const names = async (includeArchived: boolean) => {
        const page = { limit: 10, order: "ascending" } as const;
        const list = await store.listEventTypes(page, { includeArchived });
        return list.items.map(({ name }) => name);
      };
      expect(await names(false)).toEqual(["a.one", "c.three"]);
      expect(await names(true)).toEqual(["a.one", "b.two", "c.three"]);
      expect(await store.findEventType("b.two")).toMatchObject({ archived: true });
      const from = { key: "a.one", side: "after" } as const;
      const page = { limit: 1, order: "ascending", from } as const;
      const next = await store.listEventTypes(page, { includeArchived: false });
      expect(next).toMatchObject({ done: true, items: [{ name: "c.three" }] });
    });

    test("a taken name is refused, an archived one is replaced and un-archived", async () => {
      const { store } = opened;
      const first = eventType("a.b");
      expect(await store.createEventType(first)).toEqual({ kind: "created" });
      expect(await store.createEventType(first)).toEqual({ kind: "name-taken" });
      await store.deleteEventType("a.b", { expunge: false, at: maker.time });
      const second = { ...first, description: "new", featureFlags: ["x"], schemas: '{"1":{}}' };
      expect(await store.createEventType(second)).toEqual({ kind: "created" });
      expect(await store.findEventType("a.b")).toEqual(second);
      const updated = await store.updateEventType("a.b", { deprecated: true }, maker.time + 5);
      expect(updated).toEqual({ ...second, deprecated: true, updatedAt: maker.time + 5 });
      expect(await store.deleteEventType("a.b", { expunge: true, at: maker.time })).toBe("deleted");
      expect(await store.findEventType("a.b")).toBeUndefined();
      expect(await store.deleteEventType("a.b", { expunge: true, at: 0 })).toBe("not-found");
      expect(await store.updateEventType("a.b", {}, maker.time)).toBeUndefined();
    });

    test("a key is found by its hash until it is revoked", async () => {
      const { store } = opened;
      const made = key(maker, "cd".repeat(32));
      expect(await store.countKeys()).toBe(0);
      expect(await store.createKey(made)).toEqual({ kind: "created" });
      expect(await store.createKey(key(maker, "cd".repeat(32)))).toEqual({ kind: "token-taken" });
      expect(await store.findKeyByHash("cd".repeat(32))).toEqual(made);
      expect(await store.countKeys()).toBe(1);
      expect(await store.revokeKey(made.id, maker.time)).toBe("revoked");
      expect(await store.revokeKey(made.id, maker.time)).toBe("not-found");
      expect(await store.findKeyByHash("cd".repeat(32))).toBeUndefined();
      const list = await store.listKeys({ limit: 5, order: "ascending" });
      expect(only(list.items)).toEqual({ ...made, revokedAt: maker.time });
    });

    test("the installation keeps its name and knows the largest id", async () => {
      const { store } = opened;
      const installation = await store.installation();
      expect(installation.name).toMatch(/^[0-9A-Za-z]{6}$/);
      const { application, endpoint } = await settle(store, maker);
      const publication = maker.publication(application, [endpoint]);
      await store.publish(publication);
      const largest = only(publication.deliveries).id;
      expect((await store.installation()).lastId).toBe(largest);
      await store.check();
    });
  });
}

function eventType(name: string) {
  return {
    name,
    description: "",
    archived: false,
    deprecated: false,
    groupName: null,
    featureFlags: [],
    schemas: null,
    enforceSchema: false,
    createdAt: 1,
    updatedAt: 1,
  };
}

function key(maker: Maker, tokenHash: string) {
  return {
    id: maker.ids.next("apiKey"),
    name: "ours",
    tokenHash,
    scope: { kind: "admin" } as const,
    createdAt: maker.time,
    revokedAt: null,
  };
}
