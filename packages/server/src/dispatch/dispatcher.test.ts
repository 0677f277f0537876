import { describe, expect, test } from "vitest";
import { standardWebhooks, verify } from "@posthorn/receiver";
import { createBench, testSecret } from "../../test/kit/dispatch-bench.ts";
import type { Behaviour, SentRequest } from "../../test/kit/fake-sender.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Days go by faster when nothing is looked for each second. */
const rareSweeps = { expirySweepMs: minute };

const answers = (status: number, headers: Readonly<Record<string, string>> = {}): Behaviour => ({
  kind: "answer",
  status,
  headers,
});

describe("a delivery", () => {
  test("that is published is sent at once, from memory, and ends delivered", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const [delivery] = bench.publish(shop);
    await bench.clock.advance(100);
    expect(bench.sender.sentTo("http://shop/")).toHaveLength(1);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("delivered");
    expect(bench.store.attempts).toMatchObject([
      { number: 1, trigger: "schedule", outcome: "delivered", worker: "worker" },
    ]);
    expect(bench.store.reads).toHaveLength(0);
    expect(bench.store.lanes.size).toBe(0);
  });

  test("that the feed could not carry is read from the store", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.store.commit([bench.delivery(shop)], { carried: false });
    await bench.clock.advance(100);
    expect(bench.store.attempts).toHaveLength(1);
    expect(bench.store.waiting()).toHaveLength(0);
  });

  test("for later is not sent before", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const due = bench.clock.now() + hour;
    bench.store.commit([bench.delivery(shop, { due, rule: "deliver-at" })]);
    await bench.clock.advance(hour - 1);
    expect(bench.sender.sent).toHaveLength(0);
    await bench.clock.advance(second);
    expect(bench.sender.sent.map((request) => request.at)).toEqual([due]);
  });

  test("is signed for the second of its start, but for the system's time once that has jumped", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.clock.moveWall(999);
    bench.publish(shop);
    await bench.clock.advance(10);
    bench.clock.moveWall(-hour);
    bench.publish(shop);
    await bench.clock.advance(10);
    const seconds = bench.store.attempts.map(({ startedAt }) => Math.floor(startedAt / 1000));
    const [first = 0, second = 0] = seconds;
    expect(bench.sender.sent.map(({ headers }) => headers["webhook-timestamp"])).toEqual([
      String(first),
      String(second - 3600 + 1),
    ]);
  });

  test("is signed so that a Standard Webhooks receiver takes it", async () => {
    const bench = createBench({
      settings: { svixHeaders: true, userAgent: "Posthorn/1.2.3" },
    });
    await bench.dispatcher.start();
    const headers = {
      sealed: bench.vault.seal(
        JSON.stringify({ "X-Key": "k", "Webhook-Id": "forged", Host: "elsewhere" }),
      ),
      names: ["X-Key", "Webhook-Id", "Host"],
    };
    const shop = bench.endpoint("shop", { headers });
    const content = {
      body: new TextEncoder().encode("<a/>"),
      contentType: "application/xml",
      headers: { "x-own": "1", "svix-id": "forged" },
    };
    bench.store.commit([bench.delivery(shop, { content })]);
    await bench.clock.advance(10);
    const [sent] = bench.sender.sent;
    if (sent === undefined) throw new Error("nothing was sent");
    expect(sent.headers).toMatchObject({
      "user-agent": "Posthorn/1.2.3",
      "content-type": "application/xml",
      "x-key": "k",
      "x-own": "1",
      "webhook-timestamp": String(Math.floor(sent.at / 1000)),
      "svix-signature": sent.headers["webhook-signature"],
      "svix-id": sent.headers["webhook-id"],
    });
    expect(sent.headers["webhook-id"]).toMatch(/^msg_/);
    expect(sent.headers).not.toHaveProperty("host");
    const verdict = await verify(standardWebhooks, sent, testSecret, {
      nowSeconds: Math.floor(sent.at / 1000),
    });
    expect(verdict).toMatchObject({ kind: "verified" });
  });

  test("keeps webhook-id and bytes over retries, with the timestamp of each attempt", async () => {
    const bench = createBench({ behave: () => answers(500) });
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(minute);
    const [first, retry] = bench.sender.sent;
    expect(retry?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(retry?.body).toEqual(first?.body);
    expect(retry?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"]);
  });

  test("runs the whole default schedule undisturbed and ends attempts-exhausted", async () => {
    const bench = createBench({ behave: () => answers(500), settings: rareSweeps });
    await bench.dispatcher.start();
    const [delivery] = bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(4 * day);
    expect(bench.store.attempts.map((attempt) => attempt.number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    const starts = bench.sender.sent.map((request) => request.at);
    const gaps = starts.slice(1).map((at, i) => Math.round((at - (starts[i] ?? 0)) / 1000));
    expect(gaps).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("attempts-exhausted");
    expect(bench.store.events.map((event) => event.kind)).toEqual(["warned"]);
  });

  test.each([
    ["connection-refused", "not-sent", "unreachable"],
    ["response-timeout", "unknown", "maybe-delivered"],
  ] as const)("that ends on %s ends %s as %s", async (errorClass, outcome, reason) => {
    const bench = createBench({
      behave: () => ({ kind: "fail", outcome, errorClass }),
      settings: rareSweeps,
    });
    await bench.dispatcher.start();
    const [delivery] = bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(4 * day);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe(reason);
    expect(bench.store.attempts).toHaveLength(10);
  });

  test.each(["address-blocked", "invalid-url"] as const)("ends at once on %s", async (cls) => {
    const bench = createBench({
      behave: () => ({ kind: "fail", outcome: "not-sent", errorClass: cls }),
    });
    await bench.dispatcher.start();
    const [delivery] = bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(second);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("address-blocked");
    expect(bench.store.attempts).toHaveLength(1);
  });

  test("whose secrets cannot be opened is a failed attempt with a reason, and no crash", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const sealed = bench.vault.seal("whsec_x");
    const shop = bench.endpoint("shop", {
      secrets: [{ sealed, createdAt: 0, expiresAt: bench.clock.now() - 1 }],
    });
    bench.publish(shop);
    await bench.clock.advance(second);
    expect(bench.sender.sent).toHaveLength(0);
    expect(bench.store.attempts).toMatchObject([
      { outcome: "not-sent", detail: expect.stringContaining("master key") },
    ]);
    expect(bench.store.waiting()).toMatchObject([{ rule: "schedule", attempts: 1 }]);
    expect(bench.fatal).toEqual([]);
  });

  test("that expires while it waits is discarded, also in a closed lane", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const open = bench.endpoint("open");
    const paused = bench.endpoint("paused", { gate: "paused" });
    const now = bench.clock.now();
    const late = bench.delivery(open, { due: now + day, expiresAt: now + minute });
    const held = bench.delivery(paused, { expiresAt: now + minute });
    bench.store.commit([late, held]);
    await bench.clock.advance(minute - second);
    expect(bench.store.ended.size).toBe(0);
    await bench.clock.advance(3 * second);
    expect([...bench.store.ended.values()]).toEqual(["expired", "expired"]);
    expect(bench.sender.sent).toHaveLength(0);
  });

  test("that is under way when it expires is recorded as it ended", async () => {
    const bench = createBench({ behave: () => ({ kind: "answer", status: 200, afterMs: 5000 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const delivery = bench.delivery(shop, { expiresAt: bench.clock.now() + second });
    bench.store.commit([delivery]);
    await bench.clock.advance(10 * second);
    expect(bench.store.ended.get(delivery.id)).toBe("delivered");
  });

  test("whose content was deleted is discarded when it is due", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const delivery = bench.delivery(shop, { due: bench.clock.now() + hour });
    bench.store.commit([delivery]);
    bench.store.deleteContent(delivery.message);
    await bench.clock.advance(2 * hour);
    expect(bench.store.ended.get(delivery.id)).toBe("content-deleted");
    expect(bench.sender.sent).toHaveLength(0);
  });

  test("that is asked for again while it is under way goes again at once when it fails", async () => {
    const bench = createBench({ behave: () => ({ kind: "answer", status: 500, afterMs: 2000 }) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const [delivery] = bench.publish(shop);
    await bench.clock.advance(second);
    if (delivery === undefined) throw new Error("no delivery");
    bench.store.commit([{ ...delivery, due: bench.clock.now(), rule: "manual" }]);
    await bench.clock.advance(second + 10);
    expect(bench.sender.sent).toHaveLength(2);
    await bench.clock.advance(2 * second);
    expect(bench.store.attempts.map((attempt) => attempt.trigger)).toEqual(["schedule", "manual"]);
  });
});

describe("Retry-After", () => {
  const once = (first: Behaviour): ((request: SentRequest) => Behaviour) => {
    let asked = false;
    return () => {
      if (asked) return answers(200);
      asked = true;
      return first;
    };
  };

  test.each([
    ["in seconds", "120"],
    ["as a date", "Thu, 01 Jan 2026 00:02:00 GMT"],
  ])("%s moves the retry, and closes the lane for all", async (_form, value) => {
    const bench = createBench({ behave: once(answers(429, { "retry-after": value })) });
    await bench.dispatcher.start();
    const start = bench.clock.now();
    const shop = bench.endpoint("shop");
    bench.publish(shop);
    await bench.clock.advance(second);
    expect(bench.store.waiting()).toMatchObject([{ rule: "retry-after" }]);
    expect(bench.store.lanes.get(shop.endpoint)?.askedToWaitUntil).toBeGreaterThan(
      start + 119 * second,
    );
    bench.publish(shop);
    await bench.clock.advance(118 * second);
    expect(bench.sender.sent).toHaveLength(1);
    await bench.clock.advance(5 * second);
    expect(bench.sender.sent).toHaveLength(3);
    expect(bench.store.ended.size).toBe(2);
  });

  test("of another failure moves that delivery alone", async () => {
    const bench = createBench({ behave: once(answers(500, { "retry-after": "600" })) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop);
    await bench.clock.advance(second);
    bench.publish(shop);
    await bench.clock.advance(second);
    expect(bench.store.ended.size).toBe(1);
    expect(bench.store.waiting()).toMatchObject([{ rule: "retry-after" }]);
  });

  test("never asks for more than the cap", async () => {
    const bench = createBench({ behave: once(answers(503, { "retry-after": "99999999" })) });
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(day + minute);
    expect(bench.store.ended.size).toBe(1);
  });
});

describe("410 Gone", () => {
  test("ends the delivery and disables the endpoint in the same commit", async () => {
    const bench = createBench({ behave: () => answers(410) });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const [delivery] = bench.publish(shop);
    await bench.clock.advance(second);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("gone");
    const batch = bench.store.batches.find((one) => one.settlements.length > 0);
    expect(batch?.disables).toMatchObject([
      {
        endpoint: shop.endpoint,
        rule: "gone",
        event: {
          kind: "disabled",
          by: { kind: "rule", rule: "gone" },
          figures: { lastStatus: 410 },
        },
      },
    ]);
    bench.publish(shop);
    await bench.clock.advance(day);
    expect(bench.sender.sent).toHaveLength(1);
    expect(bench.store.waiting()).toHaveLength(1);
  });
});

const afterCrash =
  "The process ended before this attempt; an earlier one may have been under way then.";

describe("a restart", () => {
  test("after a crash says of what was due that an attempt before may have been made", async () => {
    let status = 200;
    const bench = createBench({
      behave: () => (status === 0 ? { kind: "hang" } : answers(status)),
    });
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    const closed = bench.endpoint("closed", { gate: "paused" });
    status = 0;
    bench.publish(shop);
    bench.publish(closed);
    // Too soon for the lane's record.
    await bench.clock.advance(500);
    expect(bench.store.lanes.size).toBe(0);
    status = 500;
    await bench.restart();
    await bench.clock.advance(10);
    status = 200;
    bench.store.setTarget({ ...closed, version: 2, gate: "open" });
    bench.publish(bench.endpoint("fresh"));
    await bench.clock.advance(minute);
    expect(bench.store.attempts).toMatchObject([
      { endpoint: shop.endpoint, number: 1, outcome: "rejected", detail: afterCrash },
      { endpoint: closed.endpoint, number: 1, outcome: "delivered", detail: null },
      { number: 1, outcome: "delivered", detail: null },
      { endpoint: shop.endpoint, number: 2, outcome: "delivered", detail: null },
    ]);
  });

  test("after a stop in order says nothing of the kind", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    // What an owner sent before counts for the rate, so nothing is sent in the first second.
    bench.publish(bench.endpoint("shop", { throttleRate: 1 }), 2);
    await bench.clock.advance(10);
    await bench.dispatcher.stop();
    expect(bench.store.waiting()).toHaveLength(2);
    await bench.restart();
    await bench.clock.advance(3 * second);
    expect(bench.store.attempts).toMatchObject([{ detail: null }, { detail: null }]);
  });

  test("after a crash and then a stop in order still tells of what waited all the while", async () => {
    let hang = true;
    const bench = createBench({
      behave: () => (hang ? { kind: "hang" } : answers(200)),
    });
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop", { throttleRate: 1 }));
    await bench.clock.advance(1);
    hang = false;
    // What the last owner sent counts for its rate, so nothing is sent in the first second.
    await bench.restart();
    await bench.clock.advance(100);
    await bench.dispatcher.stop();
    expect(bench.store.attempts).toEqual([]);
    await bench.restart();
    await bench.clock.advance(3 * second);
    expect(bench.store.attempts).toMatchObject([{ outcome: "delivered", detail: afterCrash }]);
    await bench.dispatcher.stop();
    expect(await bench.store.takeOver("next")).toMatchObject({ afterCrash: false });
  });

  test("looks targets up again when changes may have been missed", async () => {
    const bench = createBench();
    await bench.dispatcher.start();
    const shop = bench.endpoint("shop");
    bench.publish(shop);
    await bench.clock.advance(second);
    bench.store.missTarget({ ...shop, version: 2, url: "http://moved/" });
    await bench.clock.advance(10);
    bench.publish(shop);
    await bench.clock.advance(second);
    expect(bench.sender.sent.map(({ url }) => url)).toEqual(["http://shop/", "http://moved/"]);
  });

  test("goes on with waiting retries at their times", async () => {
    const bench = createBench({ behave: () => answers(500) });
    await bench.dispatcher.start();
    bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(minute);
    const due = bench.store.waiting()[0]?.due;
    await bench.dispatcher.stop();
    await bench.restart();
    await bench.clock.advance(10 * minute);
    expect(bench.sender.sent.map((request) => request.at)[2]).toBe(due);
  });

  test("records as unknown what a killed process had under way, and keeps to the schedule", async () => {
    let hang = true;
    const bench = createBench({
      behave: () => (hang ? { kind: "hang" } : answers(200)),
    });
    await bench.dispatcher.start();
    const startedAt = bench.clock.now();
    const [delivery] = bench.publish(bench.endpoint("shop"));
    await bench.clock.advance(3 * second);
    hang = false;
    // Killed: the old dispatcher goes on in this process, but its lease is lost.
    await bench.restart();
    await bench.clock.advance(30 * second);
    expect(bench.store.attempts).toMatchObject([
      { number: 1, outcome: "unknown", errorClass: "process-ended", startedAt },
      { number: 2, outcome: "delivered" },
    ]);
    expect(delivery && bench.store.ended.get(delivery.id)).toBe("delivered");
    expect(bench.fatal).toHaveLength(1);
  });
});
