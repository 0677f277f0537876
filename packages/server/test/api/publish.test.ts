import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
const path = "/app/a/msg";
beforeAll(async () => {
  t = await openApi({ settings: { maxPayloadBytes: 4096 } });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
});
afterAll(() => t.close());

/** The text of `payload` in an answer, as it was sent over the wire. */
function payloadIn(text: string): string {
  const start = text.indexOf('"payload":') + '"payload":'.length;
  return text.slice(start, text.lastIndexOf("}"));
}

describe("publishing", () => {
  test("answers 202 with the message and every field of it", async () => {
    const deliverAt = new Date(Date.now() + 60_000).toISOString();
    const expiresAt = new Date(Date.now() + 120_000).toISOString();
    const body = {
      eventType: "a.b",
      eventId: "e-1",
      payload: { a: [1, "x", null] },
      channels: ["c:1", "c+2"],
      tags: ["t/1"],
      payloadRetentionPeriod: 5,
    };
    const published = await t.call("POST", path, { body: { ...body, deliverAt, expiresAt } });
    expect(published.status).toBe(202);
    const { payloadRetentionPeriod: _days, ...shown } = body;
    expect(published.json).toMatchObject({ ...shown, deliverAt, expiresAt });
    expect(textAt(published, "id")).toMatch(/^msg_/);
    expect((await t.call("GET", `${path}/e-1`)).text).toBe(published.text);
    expect((await t.call("GET", `${path}/${textAt(published, "id")}`)).text).toBe(published.text);
  });

  test.each([
    '{"n":1e400}',
    '{"n":12345678901234567890}',
    '{ "b" : 1.10,\n\t"a" : -0 , "a":2 }',
    '{"\\u0061":"\\ud83d\\ude00","é":"\u2028"}',
    '{"__proto__":{"x":1},"constructor":1}',
    "{}",
    `{"deep":${"[".repeat(1000)}${"]".repeat(1000)}}`,
  ])("keeps the payload byte for byte: %s", async (payload) => {
    const body = `{"payload" : ${payload} ,"eventType":"a"}`;
    const published = await t.call("POST", path, { body });
    expect(published.status).toBe(202);
    expect(payloadIn(published.text)).toBe(payload);
    const got = await t.call("GET", `${path}/${textAt(published, "id")}`);
    expect(payloadIn(got.text)).toBe(payload);
    const listed = await t.call("GET", `${path}?limit=1`);
    expect(listed.text).toContain(`"payload":${payload}}`);
    const id = t.codec.parse("message", textAt(published, "id"));
    const app = await t.store.findApplication({ kind: "uid", uid: "a" });
    if (id === undefined || app === undefined) throw new Error("expected ids");
    const stored = await t.store.findMessage(app.id, { kind: "id", id });
    expect(Buffer.from(stored?.content?.body ?? []).toString()).toBe(payload);
  });

  test("leaves the payload out of answers when asked so, and 1.x and 2.x clients ask differently", async () => {
    const body = { eventType: "a", payload: { x: 1 } };
    expect(at(await t.call("POST", `${path}?with_content=false`, { body }), "payload")).toEqual({});
    expect(at(await t.call("POST", path, { body }), "payload")).toEqual({ x: 1 });
    const listed = await t.call("GET", `${path}?with_content=false&limit=1`);
    expect(at(listed, "data", 0, "payload")).toEqual({});
  });

  test("sends a raw payload in place of the payload, with its own content type and headers", async () => {
    const body = {
      eventType: "raw",
      payload: { shown: 1 },
      transformationsParams: {
        rawPayload: "<x>é</x>",
        headers: { "Content-Type": "text/xml", "x-y": "1" },
      },
    };
    const published = await t.call("POST", path, { body });
    expect(at(published, "payload")).toEqual({ shown: 1 });
    const id = t.codec.parse("message", textAt(published, "id"));
    const app = await t.store.findApplication({ kind: "uid", uid: "a" });
    if (id === undefined || app === undefined) throw new Error("expected ids");
    const content = (await t.store.findMessage(app.id, { kind: "id", id }))?.content;
    expect(Buffer.from(content?.body ?? []).toString()).toBe("<x>é</x>");
    expect(content).toMatchObject({ contentType: "text/xml", headers: { "x-y": "1" } });
  });

  test("refuses an eventId that a message has, and names that message", async () => {
    const body = { eventType: "a", eventId: "once", payload: {} };
    const first = await t.call("POST", path, { body });
    const second = await t.call("POST", path, { body });
    expect([second.status, at(second, "code")]).toEqual([409, "event_id_taken"]);
    expect(textAt(second, "detail")).toContain(textAt(first, "id"));
  });

  test("creates the application that comes along, once", async () => {
    const body = { eventType: "a", payload: {}, application: { name: "N", uid: "new" } };
    expect((await t.call("POST", "/app/new/msg", { body })).status).toBe(202);
    expect((await t.call("POST", "/app/new/msg", { body })).status).toBe(202);
    expect(at(await t.call("GET", "/app/new"), "name")).toBe("N");
    expect(itemsOf(await t.call("GET", "/app/new/msg"))).toHaveLength(2);
    const other = { ...body, application: { name: "N", uid: "other" } };
    expect((await t.call("POST", "/app/new2/msg", { body: other })).status).toBe(422);
    const none = { eventType: "a", payload: {} };
    expect((await t.call("POST", "/app/none/msg", { body: none })).status).toBe(404);
  });

  test.each([
    ["eventType", { payload: {} }],
    ["eventType", { eventType: "a b", payload: {} }],
    ["eventType", { eventType: "", payload: {} }],
    ["eventType", { eventType: "x".repeat(257), payload: {} }],
    ["payload", { eventType: "a" }],
    ["payload", { eventType: "a", payload: [] }],
    ["payload", { eventType: "a", payload: null }],
    ["payload", { eventType: "a", payload: "x" }],
    ["channels", { eventType: "a", payload: {}, channels: [] }],
    ["channels", { eventType: "a", payload: {}, channels: ["1", "2", "3", "4", "5", "6"] }],
    ["tags", { eventType: "a", payload: {}, tags: ["a b"] }],
    ["eventId", { eventType: "a", payload: {}, eventId: "a/b" }],
    ["payloadRetentionPeriod", { eventType: "a", payload: {}, payloadRetentionPeriod: 4 }],
    ["payloadRetentionPeriod", { eventType: "a", payload: {}, payloadRetentionPeriod: 91 }],
    ["deliverAt", { eventType: "a", payload: {}, deliverAt: "tomorrow" }],
    ["deliverAt", { eventType: "a", payload: {}, deliverAt: "9999-01-01T00:00:00Z" }],
    ["expiresAt", { eventType: "a", payload: {}, expiresAt: "2020-01-01T00:00:00Z" }],
    ["transformationsParams", { eventType: "a", payload: {}, transformationsParams: { x: 1 } }],
    [
      "transformationsParams",
      { eventType: "a", payload: {}, transformationsParams: { headers: { host: "x" } } },
    ],
    ["unknown", { eventType: "a", payload: {}, unknown: 1 }],
  ])("names the field at fault: %s", async (field, body) => {
    const answer = await t.call("POST", path, { body });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc", 0)).toBe("body");
    expect(at(answer, "detail", 0, "loc", 1)).toBe(field);
  });

  test("creates no application for a message that is refused", async () => {
    const schema = { type: "object", properties: { a: { type: "integer" } } };
    const eventType = { name: "strict", description: "", schemas: { "1": schema } };
    await t.call("POST", "/event-type", { body: { ...eventType, enforceSchema: true } });
    const message = { eventType: "strict", payload: { a: "x" }, application: { name: "n" } };
    const refused = [message, { ...message, payload: {}, expiresAt: "2020-01-01T00:00:00Z" }];
    for (const body of refused) {
      expect((await t.call("POST", "/app/refused/msg", { body })).status).toBe(422);
      expect((await t.call("GET", "/app/refused")).status).toBe(404);
    }
    const right = { ...message, payload: { a: 1 } };
    expect((await t.call("POST", "/app/refused/msg", { body: right })).status).toBe(202);
  });

  test("refuses an expiry that is not after the delivery", async () => {
    const time = new Date(Date.now() + 60_000).toISOString();
    const body = { eventType: "a", payload: {}, deliverAt: time, expiresAt: time };
    expect((await t.call("POST", path, { body })).status).toBe(422);
  });

  test("refuses a payload over the limit with 413, and takes one at the limit", async () => {
    const bodyOf = (size: number) => {
      const payload = `{"x":"${"y".repeat(size - '{"x":""}'.length)}"}`;
      return `{"eventType":"a","tags":["t"],"payload": ${payload} }`;
    };
    expect((await t.call("POST", path, { body: bodyOf(4096) })).status).toBe(202);
    const over = await t.call("POST", path, { body: bodyOf(4097) });
    expect([over.status, at(over, "code")]).toEqual([413, "payload_too_large"]);
  });

  test("bounds a raw payload by its UTF-8 bytes, as what is sent in place of the payload", async () => {
    const bodyOf = (rawPayload: string) => ({
      eventType: "a",
      payload: {},
      transformationsParams: { rawPayload },
    });
    expect((await t.call("POST", path, { body: bodyOf("é".repeat(2048)) })).status).toBe(202);
    const over = await t.call("POST", path, { body: bodyOf(`${"é".repeat(2048)}x`) });
    expect([over.status, at(over, "code")]).toEqual([413, "payload_too_large"]);
  });

  test("takes 64 KiB around a payload at the limit, and no byte more", async () => {
    const bodyOf = (size: number) => {
      const payload = `{"x":"${"y".repeat(4096 - '{"x":""}'.length)}"}`;
      return `{"eventType":"a","payload":${payload}}`.padEnd(size);
    };
    expect((await t.call("POST", path, { body: bodyOf(4096 + 65_536) })).status).toBe(202);
    expect((await t.call("POST", path, { body: bodyOf(4096 + 65_537) })).status).toBe(413);
  });
});

describe("matching", () => {
  const url = "https://example.com/";

  test("plans a delivery for each endpoint that matches, and says why for the others", async () => {
    const app = "/app/match";
    await t.call("POST", "/app", { body: { name: "m", uid: "match" } });
    const endpoints = {
      all: {},
      types: { eventTypes: ["a"] },
      other: { eventTypes: ["b"] },
      channel: { channels: ["c"] },
      off: { disabled: true },
      filter: { filter: 'plan = "pro"' },
      nofilter: { filter: 'plan = "free"' },
      later: { eventTypes: ["b"] },
    };
    for (const [uid, rest] of Object.entries(endpoints)) {
      await t.call("POST", `${app}/endpoint`, { body: { url, uid, ...rest } });
    }
    const body = { eventType: "a", payload: { plan: "pro" } };
    const message = textAt(await t.call("POST", `${app}/msg`, { body }), "id");
    // What changes afterwards changes no answer about then.
    await t.call("PATCH", `${app}/endpoint/later`, { body: { eventTypes: ["a"] } });
    await t.call("DELETE", `${app}/endpoint/other`);

    const routing = await t.call("GET", `${app}/msg/${message}/routing`);
    const verdicts = itemsOf(routing).map((_each, i) => [
      at(routing, "data", i, "uid"),
      at(routing, "data", i, "verdict"),
    ]);
    expect(Object.fromEntries(verdicts)).toEqual({
      all: "matched",
      types: "matched",
      other: "event-type-not-subscribed",
      channel: "channel-not-subscribed",
      off: "endpoint-disabled",
      filter: "matched",
      nofilter: "filter-not-matched",
      later: "event-type-not-subscribed",
    });
    const deliveries = await t.call("GET", `${app}/msg/${message}/endpoint`);
    expect(itemsOf(deliveries)).toMatchObject([
      { uid: "all" },
      { uid: "types" },
      { uid: "filter" },
    ]);
  });

  test("follows a change of an endpoint from the next message on", async () => {
    const app = "/app/fresh";
    await t.call("POST", "/app", { body: { name: "f", uid: "fresh" } });
    const body = { eventType: "a", payload: {} };
    const count = async () => {
      const message = textAt(await t.call("POST", `${app}/msg`, { body }), "id");
      return itemsOf(await t.call("GET", `${app}/msg/${message}/endpoint`)).length;
    };
    expect(await count()).toBe(0);
    await t.call("POST", `${app}/endpoint`, { body: { url, uid: "e" } });
    expect(await count()).toBe(1);
    await t.call("PATCH", `${app}/endpoint/e`, { body: { eventTypes: ["z"] } });
    expect(await count()).toBe(0);
    await t.call("PATCH", `${app}/endpoint/e`, { body: { eventTypes: null } });
    await t.call("POST", `${app}/endpoint/e/pause`);
    expect(await count()).toBe(1);
    await t.call("PATCH", `${app}/endpoint/e`, { body: { disabled: true } });
    expect(await count()).toBe(0);
  });

  test("is foretold by precheck", async () => {
    const app = "/app/pre";
    await t.call("POST", "/app", { body: { name: "p", uid: "pre" } });
    const ask = async (body: object) =>
      at(await t.call("POST", `${app}/msg/precheck/active`, { body }), "active");
    expect(await ask({ eventType: "a" })).toBe(false);
    const endpoint = { url, eventTypes: ["a"], channels: ["c"] };
    await t.call("POST", `${app}/endpoint`, { body: endpoint });
    expect(await ask({ eventType: "a" })).toBe(false);
    expect(await ask({ eventType: "a", channels: ["c"] })).toBe(true);
    expect(await ask({ eventType: "b", channels: ["c"] })).toBe(false);
  });

  test("is left out for an example, which goes to one endpoint", async () => {
    const app = "/app/ex";
    await t.call("POST", "/app", { body: { name: "x", uid: "ex" } });
    await t.call("POST", `${app}/endpoint`, { body: { url, uid: "one", eventTypes: ["other"] } });
    await t.call("POST", `${app}/endpoint`, { body: { url, uid: "two" } });
    const schemas = { "1": { examples: [{ n: 0 }, { n: 1 }] } };
    await t.call("POST", "/event-type", { body: { name: "ex", description: "", schemas } });
    const sent = await t.call("POST", `${app}/endpoint/one/send-example`, {
      body: { eventType: "ex", exampleIndex: 1 },
    });
    expect([sent.status, at(sent, "payload")]).toEqual([200, { n: 1 }]);
    const routing = await t.call("GET", `${app}/msg/${textAt(sent, "id")}/routing`);
    expect(itemsOf(routing)).toMatchObject([
      { uid: "one", verdict: "sent-directly" },
      { uid: "two", verdict: "not-selected" },
    ]);
    await t.call("PATCH", `${app}/endpoint/one`, { body: { disabled: true } });
    const refused = await t.call("POST", `${app}/endpoint/one/send-example`, {
      body: { eventType: "ex" },
    });
    expect([refused.status, at(refused, "code")]).toEqual([409, "endpoint_disabled"]);
  });
});
