import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
const url = "https://example.com/hooks";
beforeAll(async () => {
  t = await openApi();
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
});
afterAll(() => t.close());

const path = "/app/a/endpoint";

describe("endpoints", () => {
  test("are created with every field, under both names", async () => {
    const body = {
      url,
      uid: "full",
      description: "d",
      disabled: true,
      eventTypes: ["a.b", "c"],
      channels: ["x:1"],
      filter: 'plan = "pro"',
      throttleRate: 9,
      metadata: { k: "v" },
      version: 1,
    };
    const created = await t.call("POST", path, { body });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({
      ...body,
      filterTypes: ["a.b", "c"],
      rateLimit: 9,
      paused: false,
    });
    expect((await t.call("GET", `${path}/full`)).json).toEqual(created.json);
  });

  test("take null and the empty list for all event types", async () => {
    for (const filterTypes of [null, []]) {
      const created = await t.call("POST", path, { body: { url, filterTypes } });
      expect(at(created, "eventTypes")).toBeNull();
    }
  });

  test.each([
    ["https://user:pass@example.com/", "url"],
    ["ftp://example.com/", "url"],
    ["http://127.0.0.1/", "url"],
    ["http://169.254.169.254/latest", "url"],
    ["http://[::1]:8080/", "url"],
    ["not a url", "url"],
    ["", "url"],
  ])("refuse the URL %s", async (bad) => {
    const answer = await t.call("POST", path, { body: { url: bad } });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", "url"]);
  });

  test("name the place in a filter that is wrong", async () => {
    const answer = await t.call("POST", path, { body: { url, filter: "a ==" } });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", "filter"]);
    expect(textAt(answer, "detail", 0, "msg")).toMatch(/^At offset \d+: /);
  });

  test("are replaced by PUT, with defaults for what is left out, and keep secret and headers", async () => {
    await t.call("POST", path, {
      body: { url, uid: "put", throttleRate: 3, headers: { "x-a": "1" } },
    });
    const secret = await t.call("GET", `${path}/put/secret`);
    const replaced = await t.call("PUT", `${path}/put`, { body: { url: `${url}/2` } });
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({ uid: "put", url: `${url}/2`, throttleRate: null });
    expect((await t.call("GET", `${path}/put/secret`)).json).toEqual(secret.json);
    expect((await t.call("GET", `${path}/put/headers`)).json).toMatchObject({
      headers: { "x-a": "1" },
    });
  });

  test("are created by PUT under a new uid", async () => {
    const created = await t.call("PUT", `${path}/fresh`, { body: { url } });
    expect(created.status).toBe(201);
    expect(at(created, "uid")).toBe("fresh");
  });

  test("are changed by PATCH in what is named alone", async () => {
    await t.call("POST", path, {
      body: { url, uid: "patch", eventTypes: ["a"], description: "d" },
    });
    const patched = await t.call("PATCH", `${path}/patch`, { body: { disabled: true } });
    expect(patched.json).toMatchObject({ disabled: true, eventTypes: ["a"], description: "d" });
    const cleared = await t.call("PATCH", `${path}/patch`, { body: { filterTypes: null } });
    expect(cleared.json).toMatchObject({ disabled: true, eventTypes: null });
  });

  test("of a taken uid are refused on every way", async () => {
    await t.call("POST", path, { body: { url, uid: "u1" } });
    await t.call("POST", path, { body: { url, uid: "u2" } });
    const answers = [
      await t.call("POST", path, { body: { url, uid: "u1" } }),
      await t.call("PATCH", `${path}/u2`, { body: { uid: "u1" } }),
      await t.call("PUT", `${path}/u2`, { body: { url, uid: "u1" } }),
    ];
    expect(answers.map((answer) => [answer.status, at(answer, "code")])).toEqual(
      answers.map(() => [409, "uid_taken"]),
    );
  });

  test("are paused and resumed, which their events and revisions tell", async () => {
    await t.call("POST", path, { body: { url, uid: "p" } });
    expect(at(await t.call("POST", `${path}/p/pause`), "paused")).toBe(true);
    expect(at(await t.call("POST", `${path}/p/resume`, { body: {} }), "paused")).toBe(false);
    await t.call("PATCH", `${path}/p`, { body: { disabled: true } });
    const events = await t.call("GET", `${path}/p/event`);
    expect(itemsOf(events)).toMatchObject([
      { kind: "disabled", by: { kind: "key" } },
      { kind: "resumed" },
      { kind: "paused" },
    ]);
    const revisions = itemsOf(await t.call("GET", `${path}/p/revision`));
    expect(revisions).toMatchObject([
      { config: { paused: false, disabled: false } },
      { config: { paused: true } },
      { config: { paused: false } },
      { config: { disabled: true } },
    ]);
  });

  test("of another application are not found", async () => {
    await t.call("POST", "/app", { body: { name: "b", uid: "b" } });
    const created = await t.call("POST", path, { body: { url, uid: "mine" } });
    expect((await t.call("GET", `/app/b/endpoint/${textAt(created, "id")}`)).status).toBe(404);
    expect((await t.call("GET", "/app/b/endpoint/mine")).status).toBe(404);
  });

  test("take null for every channel, and refuse the empty list", async () => {
    const all = await t.call("POST", path, { body: { url, channels: null } });
    expect([all.status, at(all, "channels")]).toEqual([201, null]);
    const none = await t.call("POST", path, { body: { url, channels: [] } });
    expect([none.status, at(none, "detail", 0, "loc")]).toEqual([422, ["body", "channels"]]);
  });

  test("get no revision by a PATCH that names nothing", async () => {
    const created = await t.call("POST", path, { body: { url, uid: "still" } });
    const patched = await t.call("PATCH", `${path}/still`, { body: {} });
    expect([patched.status, patched.json]).toEqual([200, created.json]);
    expect((await t.call("PATCH", `${path}/still/headers`, { body: {} })).status).toBe(204);
    expect(itemsOf(await t.call("GET", `${path}/still/revision`))).toHaveLength(1);
  });

  test("tell their history by id once deleted, and who deleted them", async () => {
    const uid = "past";
    const id = textAt(await t.call("POST", path, { body: { url, uid } }), "id");
    await t.call("POST", `${path}/${id}/pause`);
    await t.call("POST", "/app/a/msg", { body: { eventType: "x", payload: {} } });
    await t.call("DELETE", `${path}/${id}`);
    expect(itemsOf(await t.call("GET", `${path}/${id}/revision`)).at(-1)).toMatchObject({
      config: null,
      by: { kind: "key" },
    });
    expect(itemsOf(await t.call("GET", `${path}/${id}/event`))).toMatchObject([{ kind: "paused" }]);
    expect(itemsOf(await t.call("GET", `${path}/${id}/msg`))).toHaveLength(1);
    expect((await t.call("GET", `${path}/${id}/msg?status=1`)).status).toBe(200);
    const attempts = `/app/a/attempt/endpoint/${id}`;
    expect(itemsOf(await t.call("GET", attempts))).toEqual([]);
    await t.call("POST", "/app", { body: { name: "c", uid: "c" } });
    for (const other of [`${path}/${uid}`, `/app/c/endpoint/${id}`]) {
      expect((await t.call("GET", `${other}/revision`)).status).toBe(404);
      expect((await t.call("GET", `${other}/event`)).status).toBe(404);
      expect((await t.call("GET", `${other}/msg`)).status).toBe(404);
    }
    expect((await t.call("GET", `${path}/${id}`)).status).toBe(404);
  });

  test("are gone once deleted", async () => {
    await t.call("POST", path, { body: { url, uid: "del" } });
    expect((await t.call("DELETE", `${path}/del`)).status).toBe(204);
    expect((await t.call("GET", `${path}/del`)).status).toBe(404);
    expect((await t.call("DELETE", `${path}/del`)).status).toBe(404);
  });
});

describe("secrets", () => {
  test("are made, or taken as they are given", async () => {
    await t.call("POST", path, { body: { url, uid: "s1" } });
    expect(textAt(await t.call("GET", `${path}/s1/secret`), "key")).toMatch(/^whsec_[\w+/]{44}$/);
    const secret = `whsec_${Buffer.alloc(75, 7).toString("base64")}`;
    await t.call("POST", path, { body: { url, uid: "s2", secret } });
    expect((await t.call("GET", `${path}/s2/secret`)).json).toEqual({ key: secret });
  });

  test.each([
    `whsec_${Buffer.alloc(23).toString("base64")}`,
    `whsec_${Buffer.alloc(76).toString("base64")}`,
    "whsec_%%%",
    `whpk_${Buffer.alloc(32).toString("base64")}`,
    `whsk_${Buffer.alloc(64).toString("base64")}`,
    "",
  ])("refuse %s, and do not repeat it", async (secret) => {
    const answer = await t.call("POST", path, { body: { url, secret } });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", "secret"]);
    if (secret !== "") expect(answer.text).not.toContain(secret.slice(6));
  });

  test("are rotated to a new one of the same kind, and the old one stays for the grace period", async () => {
    const pair = `whsk_${Buffer.alloc(32, 5).toString("base64")}`;
    const created = await t.call("POST", path, { body: { url, uid: "rot", secret: pair } });
    expect((await t.call("POST", `${path}/rot/secret/rotate`, { body: {} })).status).toBe(204);
    const key = textAt(await t.call("GET", `${path}/rot/secret`), "key");
    expect(key).toMatch(/^whsk_/);
    expect(key).not.toBe(pair);
    const id = t.codec.parse("endpoint", textAt(created, "id"));
    if (id === undefined) throw new Error("expected an endpoint's id");
    expect(await t.store.endpointSecrets(id, t.now())).toHaveLength(2);
    const now = { key: `whsec_${Buffer.alloc(24, 1).toString("base64")}`, gracePeriodSeconds: 0 };
    expect((await t.call("POST", `${path}/rot/secret/rotate`, { body: now })).status).toBe(204);
    expect(await t.store.endpointSecrets(id, t.now() + 1)).toHaveLength(1);
  });

  test("cannot be rotated without end", async () => {
    await t.call("POST", path, { body: { url, uid: "many" } });
    const statuses = [];
    for (let i = 0; i < 11; i += 1) {
      statuses.push((await t.call("POST", `${path}/many/secret/rotate`)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 204), 409, 409]);
  });
});

describe("headers", () => {
  test("are replaced, merged and deleted, and secret values are never shown", async () => {
    const headers = { "X-Plain": "1", authorization: "Bearer abc", "X-Acme-Token": "t" };
    await t.call("POST", path, { body: { url, uid: "h", headers } });
    const shown = await t.call("GET", `${path}/h/headers`);
    expect(shown.json).toEqual({
      headers: { "X-Plain": "1" },
      sensitive: ["authorization", "X-Acme-Token"],
    });
    const patch = { headers: { "x-plain": null, "x-new": "2" }, deleteHeaders: ["x-acme-token"] };
    expect((await t.call("PATCH", `${path}/h/headers`, { body: patch })).status).toBe(204);
    expect((await t.call("GET", `${path}/h/headers`)).json).toEqual({
      headers: { "x-new": "2" },
      sensitive: ["authorization"],
    });
    await t.call("PUT", `${path}/h/headers`, { body: { headers: {} } });
    expect((await t.call("GET", `${path}/h/headers`)).json).toEqual({ headers: {}, sensitive: [] });
  });

  test.each([
    ["webhook-id", "x"],
    ["Svix-Id", "x"],
    ["Host", "x"],
    ["content-length", "1"],
    ["transfer-encoding", "chunked"],
    ["bad name", "x"],
    ["x-split", "a\r\nx: y"],
    ["x-unicode", "\u20ac"],
    ["x-long", "v".repeat(4097)],
  ])("refuse %s", async (name, value) => {
    const answer = await t.call("POST", path, { body: { url, headers: { [name]: value } } });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", "headers", name]);
  });

  test("refuse names that differ in case alone", async () => {
    const answer = await t.call("POST", path, {
      body: { url, headers: { "x-a": "1", "X-A": "2" } },
    });
    expect(answer.status).toBe(422);
  });
});
