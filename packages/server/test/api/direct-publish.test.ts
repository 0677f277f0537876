import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let url: string;
beforeAll(async () => {
  t = await openApi({ settings: { maxPayloadBytes: 4096 } });
  url = await t.api.listen({ host: "127.0.0.1", port: 0 });
  await t.call("POST", "/app", { body: { name: "a", uid: "acme" } });
  await t.call("POST", "/event-type", {
    body: { name: "strict", description: "", schemas: { 1: { required: ["a"] } } },
  });
  await t.call("PATCH", "/event-type/strict", { body: { enforceSchema: true } });
});
afterAll(() => t.close());

interface Shown {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | null>>;
}

const compared = ["content-type", "www-authenticate", "retry-after", "x-request-id"];

/** Through the direct door, or past it: a query of nothing is not for that door. */
async function publish(
  door: "direct" | "fastify",
  app: string,
  init: { readonly body: string; readonly headers?: Record<string, string> },
): Promise<Shown> {
  const query = door === "fastify" ? "?" : "";
  const answer = await fetch(`${url}/api/v1/app/${app}/msg${query}`, {
    method: "POST",
    body: init.body,
    headers: {
      authorization: `Bearer ${t.adminToken}`,
      "content-type": "application/json",
      "x-request-id": "the-same",
      ...init.headers,
    },
  });
  return {
    status: answer.status,
    body: (await answer.text()).replaceAll(/"id":"msg_\w+"|"timestamp":"[^"]+"/g, "…"),
    headers: Object.fromEntries(compared.map((name) => [name, answer.headers.get(name)])),
  };
}

const message = (rest: object = {}) =>
  JSON.stringify({ eventType: "invoice.paid", payload: { amount: 1 }, ...rest });

describe("the direct door answers as Fastify's route does:", () => {
  test.each([
    ["a message", "acme", { body: message() }],
    ["channels and tags", "acme", { body: message({ channels: ["a"], tags: ["t"] }) }],
    ["bytes that stay", "acme", { body: `{"payload":{"n":1.0e2, "a":[ ]},"eventType":"x"}` }],
    ["no application of the name", "nobody", { body: message() }],
    ["an application to be made", "made", { body: message({ application: { name: "Made" } }) }],
    ["no JSON", "acme", { body: "{" }],
    ["no object", "acme", { body: "[]" }],
    ["null", "acme", { body: "null" }],
    ["no payload", "acme", { body: `{"eventType":"x"}` }],
    ["an unknown field", "acme", { body: message({ nope: 1 }) }],
    ["a name to refuse", "acme", { body: `{"__proto__":{},"eventType":"x","payload":{}}` }],
    ["an event type to refuse", "acme", { body: message({ eventType: "a b" }) }],
    ["a broken schema", "acme", { body: message({ eventType: "strict" }) }],
    ["a payload above the limit", "acme", { body: message({ payload: { a: "x".repeat(4096) } }) }],
    ["a key that is unknown", "acme", { body: message(), headers: { authorization: "Bearer no" } }],
    ["another type of content", "acme", { body: "x", headers: { "content-type": "text/plain" } }],
    ["an idempotency key to refuse", "acme", { body: message(), headers: keyOf("k".repeat(257)) }],
  ])("%s", async (_what, app, init) => {
    // Whoever is not known yet goes to Fastify.
    await publish("direct", "acme", { body: message() });
    const direct = await publish("direct", app, init);
    expect(direct).toEqual(await publish("fastify", app, init));
    expect(direct.headers["x-request-id"]).toBe("the-same");
  });
});

function keyOf(key: string): Record<string, string> {
  return { "idempotency-key": key };
}

test("a key that came through one door is known at the other", async () => {
  const init = { body: message(), headers: keyOf("once") };
  const first = await publish("fastify", "acme", { ...init });
  expect(first.status).toBe(202);
  const counted = async () => (await t.call("GET", "/app/acme/msg")).json;
  const before = await counted();
  expect(await publish("direct", "acme", init)).toMatchObject({ status: 422 });
  expect(await publish("direct", "acme", { ...init, headers: keyOf("twice") })).toEqual(first);
  expect(await publish("direct", "acme", { ...init, headers: keyOf("twice") })).toEqual(first);
  expect(await counted()).not.toEqual(before);
});

test("an eventId that is taken is refused with the message that has it", async () => {
  const init = { body: message({ eventId: "e1" }) };
  expect((await publish("direct", "acme", init)).status).toBe(202);
  const direct = await publish("direct", "acme", init);
  expect(direct.status).toBe(409);
  expect(direct).toEqual(await publish("fastify", "acme", init));
});

test("an ordinary publish never comes to Fastify", async () => {
  let handled = 0;
  const count = (): void => void (handled += 1);
  await publish("direct", "acme", { body: message() });
  subscribe("tracing:fastify.request.handler:start", count);
  try {
    await publish("direct", "acme", { body: message() });
    expect(handled).toBe(0);
    await publish("fastify", "acme", { body: message() });
    expect(handled).toBe(1);
  } finally {
    unsubscribe("tracing:fastify.request.handler:start", count);
  }
});
