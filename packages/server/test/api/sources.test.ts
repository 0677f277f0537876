import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let scoped: string;
let other: string;
beforeAll(async () => {
  t = await openApi({ settings: { publicUrl: "https://hooks.example/base/" } });
  for (const uid of ["a", "b"]) await t.call("POST", "/app", { body: { name: uid, uid } });
  const keyOf = async (application: string) =>
    textAt(await t.call("POST", "/api-key", { body: { name: "k", application } }), "token");
  scoped = await keyOf("a");
  other = await keyOf("b");
});
afterAll(() => t.close());

const right = { applicationId: "a", name: "GitHub", scheme: "github" };
const create = (fields: object = {}, how: object = {}) =>
  t.call("POST", "/source", { body: { ...right, ...fields }, ...how });

describe("a source", () => {
  test("is created with a URL of its own, and shown again as it was", async () => {
    const made = await create({ secret: "s", throttleRate: 5, metadata: { team: "x" } });
    expect(made.status).toBe(201);
    expect(textAt(made, "url")).toMatch(
      /^https:\/\/hooks\.example\/base\/in\/src_[0-9A-Za-z]{15}\/[\w-]{32}$/,
    );
    expect(made.json).toMatchObject({
      paused: false,
      throttleRate: 5,
      forwarding: "as-received",
      dedupe: { kind: "event-id", windowSeconds: 259_200 },
      secrets: [{ expiresAt: null }],
      metadata: { team: "x" },
    });
    const got = await t.call("GET", `/source/${textAt(made, "id")}`);
    expect(got.json).toEqual(made.json);
    expect(made.text).not.toContain('"s"');
  });

  test("is changed where the body names something, and nowhere else", async () => {
    const made = await create({ secret: "s" });
    const path = `/source/${textAt(made, "id")}`;
    const fields = ["body.data.id", "header.X-Event"];
    const dedupe = { kind: "fields", fields, windowSeconds: 60 };
    const changes = { name: "New", dedupe, forwarding: "resign", maxBodyBytes: 1000 };
    const changed = await t.call("PATCH", path, { body: changes });
    expect(changed.status).toBe(200);
    const { updatedAt: _now, ...before } = Object(made.json);
    expect(changed.json).toMatchObject({ ...before, ...changes });
    const again = await t.call("PATCH", path, { body: { scheme: "stripe", throttleRate: null } });
    expect(again.json).toMatchObject({ ...before, ...changes, scheme: "stripe" });
    expect((await t.call("PATCH", path, { body: {} })).json).toEqual(again.json);
  });

  test("is paused, resumed and deleted", async () => {
    const path = `/source/${textAt(await create(), "id")}`;
    expect(at(await t.call("POST", `${path}/pause`), "paused")).toBe(true);
    expect(at(await t.call("GET", path), "paused")).toBe(true);
    expect(at(await t.call("POST", `${path}/resume`), "paused")).toBe(false);
    expect((await t.call("DELETE", path)).status).toBe(204);
    for (const method of ["GET", "DELETE"] as const) {
      const answer = await t.call(method, path);
      expect([answer.status, at(answer, "code")]).toEqual([404, "source_not_found"]);
    }
  });

  test("repeated with its idempotency key is made once, and shown with the same URL", async () => {
    const headers = { "idempotency-key": "once" };
    const [first, second] = [await create({}, { headers }), await create({}, { headers })];
    expect(second.status).toBe(201);
    expect(second.json).toEqual(first.json);
    expect((await create({ name: "x" }, { headers })).status).toBe(422);
  });

  test("has its secret and its URL rotated", async () => {
    const made = await create();
    const path = `/source/${textAt(made, "id")}`;
    expect((await t.call("GET", `${path}/secret`)).json).toEqual({ key: null });
    for (const key of ["one", "two"]) {
      expect((await t.call("POST", `${path}/secret/rotate`, { body: { key } })).status).toBe(204);
    }
    expect((await t.call("GET", `${path}/secret`)).json).toEqual({ key: "two" });
    expect(at(await t.call("GET", path), "secrets")).toMatchObject([
      { expiresAt: null },
      { expiresAt: expect.any(String) },
    ]);
    const headers = { "idempotency-key": "rotate" };
    const rotated = await t.call("POST", `${path}/token/rotate`, { headers });
    expect(textAt(rotated, "url")).not.toBe(textAt(made, "url"));
    const repeated = await t.call("POST", `${path}/token/rotate`, { headers });
    expect(repeated.json).toEqual(rotated.json);
    for (let n = 2; n < 10; n += 1) {
      await t.call("POST", `${path}/secret/rotate`, { body: { key: `${n}` } });
    }
    const many = await t.call("POST", `${path}/secret/rotate`, { body: { key: "more" } });
    expect([many.status, at(many, "code")]).toEqual([409, "too_many_secrets"]);
    const now = { key: "now", gracePeriodSeconds: 0 };
    expect((await t.call("POST", `${path}/secret/rotate`, { body: now })).status).toBe(204);
    expect(at(await t.call("GET", path), "secrets")).toHaveLength(1);
  });

  test("is listed to those who may see it, page by page", async () => {
    const mine = textAt(await create({ applicationId: "b" }), "id");
    const seen = await t.call("GET", "/source?limit=250", { token: other });
    expect(itemsOf(seen)).toMatchObject([{ id: mine }]);
    const all = await t.call("GET", "/source?limit=250");
    expect(itemsOf(all).length).toBeGreaterThan(3);
    expect(itemsOf(await t.call("GET", "/source?application_id=b"))).toHaveLength(1);
    const first = await t.call("GET", "/source?limit=2");
    const next = await t.call("GET", `/source?limit=2&iterator=${textAt(first, "iterator")}`);
    expect([...itemsOf(first), ...itemsOf(next)]).toEqual(itemsOf(all).slice(0, 4));
  });

  test("is not there for another application's key", async () => {
    const path = `/source/${textAt(await create(), "id")}`;
    for (const [method, at_] of [
      ["GET", path],
      ["PATCH", path],
      ["DELETE", path],
      ["POST", `${path}/pause`],
      ["GET", `${path}/secret`],
      ["POST", `${path}/token/rotate`],
      ["GET", `${path}/request`],
    ] as const) {
      const body = method === "PATCH" ? { body: { name: "x" } } : {};
      const { status } = await t.call(method, at_, { token: other, ...body });
      expect([at_, status]).toEqual([at_, 404]);
    }
    expect((await create({}, { token: other })).status).toBe(404);
    expect((await t.call("GET", "/source?application_id=a", { token: other })).status).toBe(404);
    expect((await t.call("GET", path, { token: scoped })).status).toBe(200);
    expect((await t.call("GET", path, { token: null })).status).toBe(401);
  });

  test.each([
    ["an unknown scheme", { scheme: "nobody" }, ["scheme"]],
    ["a setting that the scheme has not", { schemeConfig: { x: "1" } }, ["schemeConfig", "x"]],
    ["an unknown member", { nmae: "x" }, ["nmae"]],
    ["no name", { name: "" }, ["name"]],
    ["a rate of 0", { throttleRate: 0 }, ["throttleRate"]],
    ["a body limit above the server's", { maxBodyBytes: 2 ** 21 }, ["maxBodyBytes"]],
    ["a tolerance of 0", { toleranceSeconds: 0 }, ["toleranceSeconds"]],
    ["an empty secret", { secret: "" }, ["secret"]],
    [
      "a window of 0",
      { dedupe: { kind: "event-id", windowSeconds: 0 } },
      ["dedupe", "windowSeconds"],
    ],
    ["no fields", { dedupe: { kind: "fields", fields: [] } }, ["dedupe", "fields"]],
    [
      "a place that is none",
      { dedupe: { kind: "fields", fields: ["id"] } },
      ["dedupe", "fields", "0"],
    ],
    ["a forwarding that is none", { forwarding: "later" }, ["forwarding"]],
  ])("is refused with %s", async (_what, fields, place) => {
    const answer = await create(fields);
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", ...place]);
  });

  test("needs an application that is there", async () => {
    const answer = await create({ applicationId: "nobody" });
    expect([answer.status, at(answer, "code")]).toEqual([404, "application_not_found"]);
  });
});

test("the schemes are listed with what they need, and what of them is not confirmed", async () => {
  const schemes = itemsOf(await t.call("GET", "/source-scheme", { token: scoped }));
  expect(schemes.length).toBeGreaterThanOrEqual(4);
  expect(schemes).toContainEqual(
    expect.objectContaining({ name: "github", signsBody: true, toleranceSeconds: null }),
  );
});

describe("requests", () => {
  test("that are not there are 404", async () => {
    const path = `/source/${textAt(await create(), "id")}/request`;
    expect((await t.call("GET", path)).json).toMatchObject({ data: [], done: true });
    const id = t.codec.format("request", t.ids.next("request"));
    for (const name of [id, "inreq_x", "x"]) {
      const answer = await t.call("GET", `${path}/${name}`);
      expect([answer.status, at(answer, "code")]).toEqual([404, "request_not_found"]);
      expect((await t.call("POST", `${path}/${name}/retry-verification`)).status).toBe(404);
    }
    expect((await t.call("GET", `${path}?outcome=odd`)).status).toBe(422);
    expect((await t.call("GET", `${path}?iterator=odd`)).status).toBe(422);
  });
});
