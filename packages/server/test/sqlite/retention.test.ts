import { afterEach, beforeEach, expect, test } from "vitest";
import { StoreLoop } from "../../src/adapters/sqlite/serve.ts";
import { keptMs } from "../../src/adapters/sqlite/sweep-endpoints.ts";
import { batch, dayMs, hourMs, Maker, person, sealed } from "../conformance/fixtures.ts";
import { openEngine } from "./engine-kit.ts";

let opened: ReturnType<typeof openEngine>;
let maker: Maker;
beforeEach(() => {
  maker = new Maker();
  opened = openEngine();
});
afterEach(() => opened.close());

const history = ["messages", "event_ids", "idempotency", "queue", "deliveries", "attempts"];
const ofEndpoints = ["endpoints", "endpoint_revisions", "endpoint_secrets", "endpoint_hours"];

function rowsOf(tables: readonly string[]): Readonly<Record<string, number>> {
  const count = (table: string): number =>
    opened.database.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? -1;
  return Object.fromEntries(tables.map((table) => [table, count(table)]));
}

function each(tables: readonly string[], n: number): Readonly<Record<string, number>> {
  return Object.fromEntries(tables.map((table) => [table, n]));
}

function home() {
  const application = maker.application();
  opened.ask("createApplication", application);
  const endpoint = maker.endpoint(application.id);
  opened.ask("createEndpoint", endpoint);
  return { application: application.id, endpoint: endpoint.id };
}

/** Publishes messages of 1 KB, kept for five days, each with everything that one may have. */
function publish(there: ReturnType<typeof home>, count: number): void {
  const works = Array.from({ length: count }, () => {
    const content = { body: new Uint8Array(1024), contentType: null, headers: {} };
    const publication = maker.publication(there.application, [there.endpoint], {
      content,
      eventId: `event-${maker.ids.next("message")}`,
      retainUntil: maker.time + 5 * dayMs,
    });
    const remember = maker.remember({
      keyHash: publication.message.id.toString(16).padStart(64, "0"),
      expiresAt: maker.time + dayMs,
    });
    return { name: "publish" as const, args: [{ ...publication, remember }] };
  });
  const { results } = opened.engine.flush(works);
  const published = { kind: "value", value: { kind: "published" } };
  expect(results).toEqual(works.map(() => published));
}

function deliverAll(there: ReturnType<typeof home>, epoch: number): void {
  const lane = { endpoint: there.endpoint, maxBytes: 1e9, skip: [], now: maker.time };
  const { deliveries } = opened.ask("readLane", { ...lane, limit: 10_000 });
  const settlements = deliveries.map((queued) => {
    const attempt = maker.attempt(queued, { startedAt: maker.time });
    return { kind: "end" as const, attempt, reason: "delivered" as const };
  });
  opened.ask("record", batch(epoch, { settlements }));
}

function sweepAll(): void {
  while (!opened.engine.sweep(maker.time));
}

test("the file stops growing, however much is published and expires", () => {
  const there = home();
  const { epoch } = opened.ask("takeOver", "worker-1");
  const pages: number[] = [];
  for (let cycle = 0; cycle < 12; cycle += 1) {
    publish(there, 400);
    deliverAll(there, epoch);
    expect(rowsOf(history)).toEqual({ ...each(history, 400), queue: 0 });
    maker.time += 5 * dayMs + 1;
    sweepAll();
    expect(rowsOf(history)).toEqual(each(history, 0));
    pages.push(
      opened.database.prepare<{ page_count: number }>("PRAGMA page_count").get()?.page_count ?? 0,
    );
  }
  const [first = 0] = pages;
  expect(first).toBeGreaterThan(50);
  // The pages of the first cycle serve all the others; figures by the hour add a row a cycle.
  expect(pages.at(-1)).toBeLessThanOrEqual(first + 4);
});

test("each step removes so many messages at most, with all that belongs to them", () => {
  const there = home();
  const { epoch } = opened.ask("takeOver", "worker-1");
  publish(there, 450);
  deliverAll(there, epoch);
  maker.time += 5 * dayMs;
  const left = [];
  for (let cameRound = false; !cameRound;) {
    cameRound = opened.engine.sweep(maker.time, 100);
    left.push(rowsOf(history));
  }
  expect(left).toEqual([350, 250, 150, 50, 0].map((n) => ({ ...each(history, n), queue: 0 })));
});

test("nothing goes before its time, and only what is due is looked at", () => {
  const there = home();
  publish(there, 300);
  maker.time += dayMs - 1;
  sweepAll();
  expect(rowsOf(history)).toMatchObject({ messages: 300, event_ids: 300, idempotency: 300 });
  maker.time += 1;
  sweepAll();
  expect(rowsOf(history)).toMatchObject({ messages: 300, event_ids: 300, idempotency: 0 });
  maker.time += 4 * dayMs - 1;
  opened.watch.rows = 0;
  sweepAll();
  expect(opened.watch.rows).toBeLessThan(10);
  expect(rowsOf(["messages"])).toEqual({ messages: 300 });
});

test("under load without a pause, what has expired still goes faster than what comes", async () => {
  const there = home();
  publish(there, 2000);
  const { epoch } = opened.ask("takeOver", "worker-1");
  deliverAll(there, epoch);
  maker.time += 5 * dayMs;
  const publications = 200;
  await new Promise<void>((resolve) => {
    let asked = 0;
    const next = (): void => {
      if (asked === publications) return resolve();
      asked += 1;
      maker.time += 10;
      const publication = maker.publication(there.application, []);
      loop.receive({
        kind: "calls",
        calls: [{ id: asked, name: "publish", args: [publication] }],
      });
    };
    const loop = new StoreLoop(opened.engine, {
      // The next one is asked for as soon as this one is answered, so the loop never rests.
      post: (message) => message.kind === "answers" && message.answers.length > 0 && next(),
      now: () => maker.time,
      onClosed: () => undefined,
    });
    next();
  });
  expect(rowsOf(["messages"])).toEqual({ messages: publications });
});

test("what still waits when its message's time is over expires, and goes once it is ended", () => {
  const there = home();
  const { epoch } = opened.ask("takeOver", "worker-1");
  publish(there, 2);
  maker.time += 5 * dayMs;
  sweepAll();
  expect(rowsOf(["messages", "queue"])).toEqual({ messages: 2, queue: 2 });
  const expired = opened.ask("expired", maker.time, 10);
  expect(expired).toHaveLength(2);
  const settlements = expired.map(({ id: delivery, endpoint }) => ({
    kind: "discard" as const,
    delivery,
    endpoint,
    reason: "expired" as const,
    at: maker.time,
  }));
  opened.ask("record", batch(epoch, { settlements }));
  sweepAll();
  expect(rowsOf(history)).toEqual(each(history, 0));
});

test("an eventId is free again when its message is removed, and not taken from a newer one", () => {
  const there = home();
  const parts = { eventId: "order-1", retainUntil: maker.time + 5 * dayMs };
  opened.ask("publish", maker.publication(there.application, [], parts));
  maker.time += 5 * dayMs;
  // Its time is over, so the next one may have it before the sweep has come by.
  const next = maker.publication(there.application, [], {
    ...parts,
    retainUntil: maker.time + 5 * dayMs,
  });
  expect(opened.ask("publish", next)).toEqual({ kind: "published" });
  sweepAll();
  expect(rowsOf(["messages", "event_ids"])).toEqual({ messages: 1, event_ids: 1 });
  const found = { kind: "event-id", eventId: "order-1" } as const;
  expect(opened.ask("findMessage", there.application, found)).toMatchObject({
    id: next.message.id,
  });
});

test("of an endpoint, secrets that have expired and old figures and events are removed", () => {
  const there = home();
  const { epoch } = opened.ask("takeOver", "worker-1");
  publish(there, 1);
  deliverAll(there, epoch);
  const event = {
    id: maker.ids.next("endpointEvent"),
    endpoint: there.endpoint,
    at: maker.time,
    kind: "secret-rotated" as const,
    by: person,
    figures: {},
  };
  const secret = { sealed: sealed("second"), createdAt: maker.time, expiresAt: null };
  const oldExpireAt = maker.time + dayMs;
  opened.ask("rotateSecret", there.endpoint, { secret, oldExpireAt, event });
  const tables = ["endpoint_secrets", "endpoint_hours", "endpoint_events"];
  sweepAll();
  expect(rowsOf(tables)).toEqual({ endpoint_secrets: 2, endpoint_hours: 1, endpoint_events: 1 });
  maker.time += dayMs;
  sweepAll();
  expect(rowsOf(tables)).toEqual({ endpoint_secrets: 1, endpoint_hours: 1, endpoint_events: 1 });
  maker.time += keptMs;
  sweepAll();
  expect(rowsOf(tables)).toEqual({ endpoint_secrets: 1, endpoint_hours: 0, endpoint_events: 0 });
});

test("a deleted endpoint loses its secrets soon, and goes when nothing tells of it", () => {
  const there = home();
  const kept = maker.publication(there.application, [there.endpoint]);
  opened.ask("publish", {
    ...kept,
    message: { ...kept.message, retainUntil: maker.time + 2 * keptMs },
  });
  const { epoch } = opened.ask("takeOver", "worker-1");
  deliverAll(there, epoch);
  opened.ask("deleteEndpoint", there.endpoint, person, maker.time);
  maker.time += hourMs;
  sweepAll();
  const rows = { endpoints: 1, endpoint_revisions: 2, endpoint_secrets: 0, endpoint_hours: 1 };
  expect(rowsOf(ofEndpoints)).toEqual(rows);
  maker.time += keptMs + hourMs;
  sweepAll();
  expect(rowsOf(ofEndpoints)).toEqual({ ...rows, endpoint_hours: 0 });
  maker.time += keptMs;
  sweepAll();
  expect(rowsOf(history)).toEqual(each(history, 0));
  maker.time += hourMs;
  sweepAll();
  expect(rowsOf(ofEndpoints)).toEqual(each(ofEndpoints, 0));
});
