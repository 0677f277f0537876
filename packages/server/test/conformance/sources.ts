import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { InboundRequest } from "../../src/domain/inbound-request.ts";
import type { Source, SourceConfig } from "../../src/domain/source.ts";
import type { AcceptedRequest, Publication } from "../../src/ports/message-store.ts";
import type { Change } from "../../src/ports/store.ts";
import {
  dayMs,
  due,
  hourMs,
  Maker,
  pages,
  present,
  sealed,
  settle,
  type OpenedStore,
  type OpenStore,
} from "./fixtures.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const keyOf = (event: string) => Buffer.from(event.padEnd(32)).toString("hex");

function sourceConfig(parts: Partial<SourceConfig> = {}): SourceConfig {
  return {
    name: "GitHub",
    scheme: "github",
    schemeConfig: {},
    paused: false,
    throttleRate: null,
    maxBodyBytes: null,
    toleranceSeconds: null,
    dedupe: { kind: "event-id", windowSeconds: 86_400 },
    forwarding: "as-received",
    metadata: {},
    ...parts,
  };
}

export function sourceOf(
  maker: Maker,
  application: Source["application"],
  parts: Partial<Source> = {},
): Source {
  const secret = { createdAt: maker.time, expiresAt: null };
  return {
    id: maker.ids.next("source"),
    application,
    partition: 5,
    config: sourceConfig(),
    secrets: [{ ...secret, sealed: sealed("first") }],
    tokens: [{ ...secret, sealed: sealed("token") }],
    createdAt: maker.time,
    updatedAt: maker.time,
    ...parts,
  };
}

export function requestOf(
  maker: Maker,
  source: Source,
  parts: Partial<InboundRequest> = {},
): InboundRequest {
  return {
    id: maker.ids.next("request"),
    source: source.id,
    application: source.application,
    partition: source.partition,
    receivedAt: maker.time,
    method: "POST",
    bodyBytes: 7,
    contentType: "application/json",
    outcome: "rejected",
    reason: "signature-mismatch",
    detail: "What to do.\u0000",
    diagnosis: "secret-has-newline",
    status: 401,
    message: null,
    duplicateOf: null,
    eventId: "e1",
    eventType: "push",
    headers: { "x-hub-signature-256": "[secret]" },
    repeats: 0,
    keptUntil: null,
    retainUntil: maker.time + 90 * dayMs,
    ...parts,
  };
}

export function acceptedOf(request: InboundRequest): AcceptedRequest {
  return {
    ...request,
    outcome: "accepted",
    reason: "event-received",
    status: 200,
    detail: null,
    diagnosis: null,
    duplicateOf: null,
    headers: null,
    keptUntil: null,
  };
}

export function describeSources(open: OpenStore): void {
  describe("sources and requests", () => {
    let opened: OpenedStore;
    let maker: Maker;
    let home: Awaited<ReturnType<typeof settle>>;
    let source: Source;
    beforeEach(async () => {
      maker = new Maker();
      opened = await open();
      home = await settle(opened.store, maker, 1);
      source = sourceOf(maker, home.application);
      expect(await opened.store.createSource(source)).toEqual({ kind: "created" });
    });
    afterEach(() => opened.close());

    const reception = (event: string | null, parts: Partial<InboundRequest> = {}): Publication => {
      const { deliveries, message } = maker.publication(home.application, [home.endpoint], {
        content: { body: bytes('{"n":1}'), contentType: null, headers: {}, source: source.id },
      });
      const request = acceptedOf(requestOf(maker, source, { message: message.id, ...parts }));
      const dedupe =
        event === null ? null : { keyHash: keyOf(event), until: maker.time + 2 * hourMs };
      return { message, deliveries, reception: { request, dedupe } };
    };
    const request = (of: Publication) => present(of.reception).request;
    const find = (of: Publication) => opened.store.findRequest(source.id, request(of).id);
    const waiting = () => due(opened.dispatch, home.endpoint, Number.MAX_SAFE_INTEGER);

    test("a source is found as it was made, until it or its application is deleted", async () => {
      expect(await opened.store.findSource(source.id)).toEqual(source);
      const other = sourceOf(maker, home.application);
      await opened.store.createSource(other);
      expect(await opened.store.deleteSource(other.id, maker.time)).toBe("deleted");
      expect(await opened.store.deleteSource(other.id, maker.time)).toBe("not-found");
      expect(await opened.store.findSource(other.id)).toBeUndefined();
      await opened.store.deleteApplication(
        home.application,
        { kind: "key", key: null },
        maker.time,
      );
      expect(await opened.store.findSource(source.id)).toBeUndefined();
      const page = { limit: 5, order: "ascending" } as const;
      expect((await opened.store.listSources(page, {})).items).toEqual([]);
      expect(await opened.store.createSource(sourceOf(maker, home.application))).toEqual({
        kind: "application-not-found",
      });
    });

    test("sources are listed page by page, all or those of one application", async () => {
      const elsewhere = await settle(opened.store, maker, 1);
      const more = [sourceOf(maker, home.application), sourceOf(maker, elsewhere.application)];
      for (const each of more) await opened.store.createSource(each);
      const list = (application?: Source["application"]) =>
        pages<Source, Source["id"]>(
          { limit: 1, order: "descending" },
          (page) =>
            opened.store.listSources(page, application === undefined ? {} : { application }),
          ({ id }) => id,
        );
      const [second, third] = more.map(({ id }) => id);
      const ids = async (application?: Source["application"]) =>
        (await list(application)).flat().map(({ id }) => id);
      expect(await ids()).toEqual([third, second, source.id]);
      expect(await ids(home.application)).toEqual([second, source.id]);
    });

    test("a change keeps what it does not name, and is told before its call resolves", async () => {
      const changes: Change[] = [];
      opened.store.onChange((change) => changes.push(change));
      const at = maker.time + 5;
      const updated = await opened.store.updateSource(source.id, { config: { paused: true }, at });
      const config = { ...source.config, paused: true };
      expect(updated).toEqual({ kind: "updated", source: { ...source, config, updatedAt: at } });
      expect(await opened.store.findSource(source.id)).toEqual({
        ...source,
        config,
        updatedAt: at,
      });
      expect(changes).toContainEqual({ kind: "source", source: source.id });
    });

    test("a rotation leaves the old secret in force until its end", async () => {
      const next = { sealed: sealed("second"), createdAt: maker.time + 1, expiresAt: null };
      const oldExpireAt = maker.time + hourMs;
      const rotation = { what: "secrets", next, oldExpireAt } as const;
      expect((await opened.store.rotateSource(source.id, rotation)).kind).toBe("rotated");
      const found = present(await opened.store.findSource(source.id));
      const [first] = source.secrets;
      expect(found.secrets).toEqual([next, { ...first, expiresAt: oldExpireAt }]);
      expect(found.tokens).toEqual(source.tokens);
      const late = { ...next, createdAt: oldExpireAt + 1 };
      await opened.store.rotateSource(source.id, { what: "secrets", next: late, oldExpireAt: 0 });
      expect(present(await opened.store.findSource(source.id)).secrets).toEqual([late]);
      const onlyFirst = {
        ...rotation,
        next: { ...next, createdAt: late.createdAt },
        onlyFirst: true,
      };
      await opened.store.rotateSource(source.id, onlyFirst);
      expect(present(await opened.store.findSource(source.id)).secrets).toEqual([late]);
    });

    test("repeated with its idempotency key, a source is made once and changed once", async () => {
      const remember = maker.remember();
      const other = sourceOf(maker, home.application);
      expect(await opened.store.createSource(other, remember)).toEqual({ kind: "created" });
      const again = await opened.store.createSource(sourceOf(maker, home.application), remember);
      expect(again).toEqual({ kind: "repeated", answer: remember.answer });
    });

    test("a request becomes a message with its deliveries in one commit", async () => {
      const of = reception("a");
      expect(await opened.store.publish(of)).toEqual({ kind: "published" });
      expect(await find(of)).toEqual(request(of));
      expect((await waiting()).map(({ content }) => content?.source)).toEqual([source.id]);
      const stored = await opened.store.findMessage(home.application, {
        kind: "id",
        id: of.message.id,
      });
      expect(stored?.content).toEqual(of.message.content);
    });

    test("a request of the same event becomes a row that says of which it is a duplicate", async () => {
      const first = reception("a");
      await opened.store.publish(first);
      const second = reception("a");
      expect(await opened.store.publish(second)).toEqual({
        kind: "duplicate",
        of: request(first).id,
        message: first.message.id,
      });
      expect(await find(second)).toEqual({
        ...request(second),
        outcome: "duplicate",
        reason: "duplicate-event",
        message: first.message.id,
        duplicateOf: request(first).id,
      });
      expect(await waiting()).toHaveLength(1);
      const lone = { kind: "id", id: second.message.id } as const;
      expect(await opened.store.findMessage(home.application, lone)).toBeUndefined();
    });

    test("of requests of one event that come at once, one becomes a message", async () => {
      const all = Array.from({ length: 20 }, () => reception("a"));
      const results = await Promise.all(all.map((each) => opened.store.publish(each)));
      expect(results.map(({ kind }) => kind).toSorted()).toEqual([
        ...Array.from({ length: 19 }, () => "duplicate"),
        "published",
      ]);
      expect(await waiting()).toHaveLength(1);
    });

    test("an event is known again per source, and until its window ends", async () => {
      const other = sourceOf(maker, home.application);
      await opened.store.createSource(other);
      const first = reception("a");
      await opened.store.publish(first);
      const elsewhere = reception("a", { source: other.id });
      expect((await opened.store.publish(elsewhere)).kind).toBe("published");
      expect((await opened.store.publish(reception(null))).kind).toBe("published");
      maker.time += 2 * hourMs;
      const later = reception("a");
      expect((await opened.store.publish(later)).kind).toBe("published");
      expect(await opened.store.publish(reception("a"))).toMatchObject({ of: request(later).id });
    });

    test("nothing is written for an application that was deleted", async () => {
      await opened.store.deleteApplication(
        home.application,
        { kind: "key", key: null },
        maker.time,
      );
      const of = reception("a");
      expect((await opened.store.publish(of)).kind).toBe("application-not-found");
      expect(await find(of)).toBeUndefined();
    });

    test("rejected requests are kept, listed by outcome, and count those like them", async () => {
      const kept = { sealed: sealed("headers"), body: bytes("body\u0000") };
      const rejected = requestOf(maker, source, { keptUntil: maker.time + hourMs });
      await opened.store.addRequest({ request: rejected, kept });
      const empty = requestOf(maker, source, { keptUntil: maker.time + hourMs });
      await opened.store.addRequest({
        request: empty,
        kept: { sealed: kept.sealed, body: bytes("") },
      });
      const shaken = requestOf(maker, source, {
        outcome: "handshake",
        reason: "handshake-answered",
      });
      await opened.store.addRequest({ request: shaken, kept: null });
      const accepted = reception("a");
      await opened.store.publish(accepted);
      await opened.store.addRepeats([
        { source: source.id, partition: 5, request: rejected.id, count: 3 },
        { source: source.id, partition: 5, request: shaken.id, count: 1 },
      ]);
      expect(await opened.store.findRequest(source.id, rejected.id)).toEqual({
        ...rejected,
        repeats: 3,
      });
      expect(await opened.store.keptRequest(source.id, rejected.id)).toEqual(kept);
      expect(present(await opened.store.keptRequest(source.id, empty.id)).body).toEqual(bytes(""));
      expect(await opened.store.keptRequest(source.id, shaken.id)).toBeUndefined();
      const list = async (outcome?: InboundRequest["outcome"]) => {
        const all = await pages<InboundRequest, InboundRequest["id"]>(
          { limit: 1, order: "ascending" },
          (page) =>
            opened.store.listRequests(source.id, outcome === undefined ? {} : { outcome }, page),
          ({ id }) => id,
        );
        return all.flat().map(({ id }) => id);
      };
      expect(await list()).toEqual([rejected.id, empty.id, shaken.id, request(accepted).id]);
      expect(await list("rejected")).toEqual([rejected.id, empty.id]);
      expect(await list("handshake")).toEqual([shaken.id]);
      expect(await list("accepted")).toEqual([request(accepted).id]);
      expect(await list("duplicate")).toEqual([]);
      const other = maker.ids.next("source");
      expect(await opened.store.findRequest(other, rejected.id)).toBeUndefined();
      expect(await opened.store.keptRequest(other, rejected.id)).toBeUndefined();
    });

    test("a rejected request is accepted once, in the place of its row", async () => {
      const rejected = requestOf(maker, source, { keptUntil: maker.time + hourMs });
      const kept = { sealed: sealed("headers"), body: bytes("body") };
      await opened.store.addRequest({ request: rejected, kept });
      const verdict = { ...rejected, reason: "timestamp-too-old", detail: "d" } as const;
      await opened.store.updateRejected(verdict);
      expect(await opened.store.findRequest(source.id, rejected.id)).toEqual(verdict);
      const both = [1, 2].map(() => reception("a", { id: rejected.id }));
      const results = await Promise.all(both.map((each) => opened.store.acceptRejected(each)));
      expect(results.map(({ kind }) => kind).toSorted()).toEqual(["not-rejected", "published"]);
      const found = present(await opened.store.findRequest(source.id, rejected.id));
      expect(found.outcome).toBe("accepted");
      expect(await opened.store.keptRequest(source.id, rejected.id)).toBeUndefined();
      await opened.store.updateRejected(verdict);
      expect(await opened.store.findRequest(source.id, rejected.id)).toEqual(found);
      expect(await waiting()).toHaveLength(1);
    });

    test("a rejected request whose event came again meanwhile becomes its duplicate", async () => {
      const rejected = requestOf(maker, source);
      await opened.store.addRequest({ request: rejected, kept: null });
      const first = reception("a");
      await opened.store.publish(first);
      const late = reception("a", { id: rejected.id });
      expect(await opened.store.acceptRejected(late)).toMatchObject({ of: request(first).id });
      expect(await find(late)).toMatchObject({
        outcome: "duplicate",
        duplicateOf: request(first).id,
      });
      expect(await waiting()).toHaveLength(1);
    });
  });
}
