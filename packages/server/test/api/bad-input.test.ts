import { connect } from "node:net";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, openApi, type OpenApi } from "./open-api.ts";

let t: OpenApi;
beforeAll(async () => {
  t = await openApi({ settings: { maxPayloadBytes: 64 * 1024 } });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
  await t.call("POST", "/app/a/endpoint", { body: { url: "https://example.com/", uid: "e" } });
});
afterAll(() => t.close());

const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

describe("a body", () => {
  test.each([
    ["empty", ""],
    ["cut off", '{"name":"x"'],
    ["of two values", '{"name":"x"}{}'],
    ["with a byte order mark", '\ufeff{"name":"x"}'],
    ["that is no object", "[]"],
    ["that is a text", '"x"'],
    ["that is null", "null"],
    ["with a wrong type", '{"name":1}'],
    ["with a huge number", '{"name":"x","throttleRate":1e400}'],
    ["with a fraction", '{"name":"x","throttleRate":1.5}'],
    ["with an unknown field", '{"name":"x","nme":1}'],
    ["with a lone surrogate", '{"name":"\\ud800"}'],
    ["with a NUL", '{"name":"\\u0000"}'],
    ["with an empty name", '{"name":""}'],
    ["with metadata of numbers", '{"name":"x","metadata":{"a":1}}'],
    ["with metadata that would be dropped", '{"name":"x","metadata":{"__proto__":"a"}}'],
    ["with an escaped name that would be dropped", '{"name":"x","\\u005f_proto__":{}}'],
    ["with deep nesting", `{"name":"x","metadata":${deep(20_000)}}`],
  ])("%s is refused with 422", async (_what, body) => {
    const answer = await t.call("POST", "/app", { body });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc", 0)).toBe("body");
  });

  test("that is no UTF-8 is refused, and not repaired", async () => {
    const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const answer = await t.call("POST", "/app", { body });
    expect(at(answer, "detail", 0, "type")).toBe("value_error.jsondecode");
  });

  test.each(["null", "[]", '"x"'])("%s is said to be no JSON object", async (body) => {
    const answer = await t.call("POST", "/app", { body });
    expect([answer.status, answer.json]).toEqual([
      422,
      { detail: [{ loc: ["body"], msg: "must be a JSON object", type: "type_error" }] },
    ]);
  });

  test("is not quoted in the answer", async () => {
    const answer = await t.call("POST", "/app", { body: '{"name": hush-hush}' });
    expect(answer.status).toBe(422);
    expect(answer.text).not.toContain("hush");
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonx",
    "multipart/form-data",
  ])("of type %s is refused with 415", async (type) => {
    const answer = await t.call("POST", "/app", { body: "{}", headers: { "content-type": type } });
    expect([answer.status, at(answer, "code")]).toEqual([415, "unsupported_media_type"]);
  });

  test("with a charset in its type is taken", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    expect((await t.call("POST", "/app", { body: { name: "x" }, headers })).status).toBe(201);
  });

  test("with a schema too deep to write is refused", async () => {
    const body = `{"name":"deep","description":"","schemas":{"1":{"a":${deep(20_000)}}}}`;
    expect((await t.call("POST", "/event-type", { body })).status).toBe(422);
    const spec = `{"spec":{"webhooks":{"w":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":${deep(20_000)}}}}}}}}}}`;
    expect((await t.call("POST", "/event-type/import/openapi", { body: spec })).status).toBe(422);
  });
});

describe("a path", () => {
  test.each([
    ["/app/%zz", 400],
    ["/app/%00", 404],
    [`/app/${"x".repeat(300)}`, 404],
    [`/app/${"x".repeat(2000)}`, 404],
    ["/app/a/endpoint/..%2f..", 404],
    ["/app/a/msg/msg_", 404],
    ["/nothing", 404],
    ["/app/a/endpoint/e/recover", 404],
    ["/app/a/nothing", 404],
  ])("%s answers %i in JSON", async (path, status) => {
    const answer = await t.call("GET", path);
    expect(answer.status).toBe(status);
    expect(typeof at(answer, "code")).toBe("string");
  });

  test("with another method says which ones there are", async () => {
    const answer = await t.call("PUT", "/app");
    expect([answer.status, at(answer, "code")]).toEqual([405, "method_not_allowed"]);
    expect(answer.headers["allow"]).toBe("GET, POST");
  });

  test("with two slashes in front is the one with one", async () => {
    const answer = await t.api.inject({
      url: "//api/v1/app/a",
      headers: { authorization: `Bearer ${t.adminToken}` },
    });
    expect(answer.statusCode).toBe(200);
  });
});

test("what is no HTTP is answered with 400 in JSON", async () => {
  const address = await t.api.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nbad header\r\n\r\n");
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"malformed_request"');
});

test("a deep payload under a schema that refers to itself is judged, or refused", async () => {
  const schema = { type: "object", properties: { a: { $ref: "#" } } };
  const body = { name: "deep.ref", description: "", schemas: { "1": schema }, enforceSchema: true };
  expect((await t.call("POST", "/event-type", { body })).status).toBe(201);
  const payload = `${'{"a":'.repeat(9000)}{}${"}".repeat(9000)}`;
  const message = `{"eventType":"deep.ref","payload":${payload}}`;
  const answer = await t.call("POST", "/app/a/msg", { body: message });
  expect([202, 422]).toContain(answer.status);
});

describe("whatever is sent", () => {
  const bodies = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.string(),
    fc.record(
      {
        name: fc.anything(),
        url: fc.oneof(fc.webUrl(), fc.string()),
        eventType: fc.string(),
        payload: fc.object(),
        channels: fc.anything(),
        filter: fc.string(),
        headers: fc.dictionary(fc.string(), fc.string()),
        secret: fc.string(),
        metadata: fc.dictionary(fc.string(), fc.string()),
        deliverAt: fc.oneof(fc.string(), fc.date().map(String)),
        description: fc.string({ unit: "binary" }),
        uid: fc.string(),
        schemas: fc.object(),
      },
      { requiredKeys: [] },
    ),
  );
  const routes = fc.constantFrom(
    ...([
      ["POST", "/app"],
      ["PUT", "/app/put"],
      ["PATCH", "/app/a"],
      ["POST", "/app/a/endpoint"],
      ["PUT", "/app/a/endpoint/put"],
      ["PATCH", "/app/a/endpoint/e"],
      ["PUT", "/app/a/endpoint/e/headers"],
      ["PATCH", "/app/a/endpoint/e/headers"],
      ["POST", "/app/a/endpoint/e/send-example"],
      ["POST", "/app/a/msg"],
      ["POST", "/app/a/msg/precheck/active"],
      ["POST", "/event-type"],
      ["PUT", "/event-type/put"],
      ["POST", "/event-type/import/openapi"],
      ["POST", "/api-key"],
    ] as const),
  );

  test("as a body, the answer is never a fault of the server's", async () => {
    await fc.assert(
      fc.asyncProperty(routes, bodies, async ([method, path], body) => {
        const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
        const answer = await t.call(method, path, { body: text });
        expect(answer.status).toBeLessThan(500);
        await t.call("PATCH", "/app/a", { body: { uid: "a" } });
        await t.call("PATCH", "/app/a/endpoint/e", { body: { uid: "e", disabled: false } });
      }),
      { numRuns: 300 },
    );
  });

  test("as an id, a cursor or a query, the answer is never a fault of the server's", async () => {
    const paths = fc.constantFrom(
      "/app/X",
      "/app/X/endpoint",
      "/app/a/endpoint/X",
      "/app/a/endpoint/X/msg",
      "/app/a/msg/X",
      "/app/a/msg/X/endpoint",
      "/app/a/msg/X/routing",
      "/app/a/attempt/msg/X",
      "/app/a/attempt/endpoint/X",
      "/event-type/X",
      "/app?iterator=X",
      "/app/a/msg?iterator=X",
      "/event-type?iterator=:X",
      "/app/a/msg?before=X",
      "/app/a/msg?event_types=X",
      "/app/a/endpoint/e/msg?status=X",
      "/app/a/endpoint/e/stats?since=X",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.stringMatching(/^-{0,2}(app|ep|msg|atmpt)_[0-9A-Za-z]{0,16}$/),
    );
    await fc.assert(
      fc.asyncProperty(paths, texts, async (path, text) => {
        if (!text.isWellFormed()) return;
        const answer = await t.call(
          "GET",
          path.replace("X", () => encodeURIComponent(text)),
        );
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });

  test("nothing of it was logged as a fault", () => {
    expect(t.log).toEqual([]);
  });
});
