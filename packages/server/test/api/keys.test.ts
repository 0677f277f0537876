import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let key: string;
const url = "https://example.com/";
beforeAll(async () => {
  t = await openApi();
  await t.call("POST", "/app", { body: { name: "own", uid: "own" } });
  await t.call("POST", "/app", { body: { name: "other", uid: "other" } });
  await t.call("POST", "/app/own/endpoint", { body: { url, uid: "e" } });
  key = textAt(
    await t.call("POST", "/api-key", { body: { name: "k", application: "own" } }),
    "token",
  );
});
afterAll(() => t.close());

describe("API keys", () => {
  test("show their token once, and its hash never", async () => {
    const created = await t.call("POST", "/api-key", { body: { name: "once" } });
    expect(created.json).toMatchObject({ name: "once", scope: "admin", applicationId: null });
    const token = textAt(created, "token");
    expect(token).toMatch(/^phk_[\w-]{43}$/);
    const listed = await t.call("GET", "/api-key");
    expect(listed.text).not.toContain(token);
    expect(listed.text).not.toMatch(/[0-9a-f]{64}/);
    expect((await t.call("GET", "/app", { token })).status).toBe(200);
  });

  test("end at once when they are revoked", async () => {
    const created = await t.call("POST", "/api-key", { body: { name: "end" } });
    const token = textAt(created, "token");
    expect((await t.call("GET", "/app", { token })).status).toBe(200);
    expect((await t.call("DELETE", `/api-key/${textAt(created, "id")}`)).status).toBe(204);
    expect((await t.call("GET", "/app", { token })).status).toBe(401);
    expect((await t.call("DELETE", `/api-key/${textAt(created, "id")}`)).status).toBe(404);
  });

  test("end with their application", async () => {
    await t.call("POST", "/app", { body: { name: "short", uid: "short" } });
    const body = { name: "s", application: "short" };
    const token = textAt(await t.call("POST", "/api-key", { body }), "token");
    expect((await t.call("GET", "/app/short", { token })).status).toBe(200);
    await t.call("DELETE", "/app/short");
    expect((await t.call("GET", "/app/short", { token })).status).toBe(401);
  });

  test("are not made for an application that is not there", async () => {
    const answer = await t.call("POST", "/api-key", { body: { name: "n", application: "none" } });
    expect(answer.status).toBe(404);
  });

  test.each([null, "", "wrong", "x y", "phk_"])(
    "are asked for: %s is refused with 401",
    async (token) => {
      const answer = await t.call("GET", "/app", { token });
      expect([answer.status, at(answer, "code")]).toEqual([401, "authentication_failed"]);
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
    },
  );

  test("are never logged", async () => {
    await t.call("GET", "/app", { token: "phk_a-wrong-token" });
    expect(t.log.join("")).not.toContain("phk_");
  });
});

interface Tried {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

describe("a key of one application", () => {
  const mine: readonly Tried[] = [
    { method: "GET", path: "/app/own" },
    { method: "GET", path: "/app/own/endpoint" },
    { method: "GET", path: "/app/own/endpoint/e" },
    { method: "GET", path: "/app/own/endpoint/e/secret" },
    { method: "GET", path: "/app/own/endpoint/e/stats" },
    { method: "GET", path: "/app/own/msg" },
    { method: "POST", path: "/app/own/msg", body: { eventType: "a", payload: {} } },
    { method: "PATCH", path: "/app/own/endpoint/e", body: { description: "x" } },
    { method: "GET", path: "/event-type" },
  ];
  test.each(mine)("may $method $path", async ({ method, path, body }) => {
    const answer = await t.call(method, path, { token: key, body });
    expect(answer.status).toBeLessThan(300);
  });

  const admin: readonly Tried[] = [
    { method: "GET", path: "/app" },
    { method: "POST", path: "/app", body: { name: "x" } },
    { method: "PUT", path: "/app/own", body: { name: "x" } },
    { method: "PATCH", path: "/app/own", body: { throttleRate: null } },
    { method: "DELETE", path: "/app/own" },
    { method: "POST", path: "/event-type", body: { name: "x", description: "" } },
    { method: "PUT", path: "/event-type/x", body: { description: "" } },
    { method: "DELETE", path: "/event-type/x" },
    { method: "POST", path: "/event-type/import/openapi", body: { spec: {} } },
    { method: "POST", path: "/api-key", body: { name: "x" } },
    { method: "GET", path: "/api-key" },
    { method: "DELETE", path: "/api-key/x" },
  ];
  test.each(admin)("may not $method $path", async ({ method, path, body }) => {
    const answer = await t.call(method, path, { token: key, body });
    expect([answer.status, at(answer, "code")]).toEqual([403, "insufficient_access"]);
  });

  test("sees another application nowhere", async () => {
    const published = await t.call("POST", "/app/other/msg", {
      body: { eventType: "a", payload: {} },
    });
    const message = textAt(published, "id");
    const paths = routesUnder(t).map(({ method, url }) => ({
      method,
      path: url
        .replace("/api/v1", "")
        .replace("{app_id}", "other")
        .replace("{msg_id}", message)
        .replace(/\{\w+\}/g, "e"),
    }));
    expect(paths.length).toBeGreaterThan(25);
    for (const { method, path } of paths) {
      const body = method === "GET" || method === "DELETE" ? undefined : bodyFor(path, method);
      const answer = await t.call(method as "GET", path, { token: key, body });
      expect([method, path, answer.status, at(answer, "code")]).toEqual([
        method,
        path,
        expect.toBeOneOf([404, 403]),
        expect.toBeOneOf(["application_not_found", "insufficient_access"]),
      ]);
    }
    expect(itemsOf(await t.call("GET", "/app/other/msg"))).toHaveLength(1);
  });

  test("cannot create an application along with a message", async () => {
    const body = { eventType: "a", payload: {}, application: { name: "n" } };
    expect((await t.call("POST", "/app/made/msg", { token: key, body })).status).toBe(404);
    expect((await t.call("GET", "/app/made")).status).toBe(404);
  });
});

function bodyFor(path: string, method: string): unknown {
  if (path.endsWith("/msg")) return { eventType: "a", payload: {} };
  if (path.endsWith("/active") || path.endsWith("-example")) return { eventType: "a" };
  if (path.endsWith("/headers")) return { headers: {} };
  if (path.endsWith("/other")) return { name: "x" };
  if (path.endsWith("/endpoint") || (path.endsWith("/e") && method === "PUT")) return { url };
  return {};
}

/** Every route below an application, out of the API's own description. */
function routesUnder(t: OpenApi): readonly { method: string; url: string }[] {
  const paths = Object.entries(t.api.swagger().paths ?? {});
  return paths.flatMap(([path, item]) =>
    path.includes("{app_id}")
      ? Object.keys(item).map((method) => ({ method: method.toUpperCase(), url: path }))
      : [],
  );
}
