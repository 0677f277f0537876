import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildOpenApi } from "../../src/api/openapi.ts";
import { at, openApi, type OpenApi } from "./open-api.ts";

let t: OpenApi;
beforeAll(async () => {
  t = await openApi({ settings: { corsOrigins: ["https://app.example.com"] } });
});
afterAll(() => t.close());

test("the description is the same text in another process of the same version", async () => {
  const other = await openApi();
  try {
    expect(buildOpenApi(t.api)).toBe(buildOpenApi(other.api));
  } finally {
    await other.close();
  }
  // It walks every schema twice, which takes seconds beside other tests.
}, 30_000);

test("the description is served without a key", async () => {
  const answer = await t.call("GET", "/openapi.json", { token: null });
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(buildOpenApi(t.api));
  expect(at(answer, "openapi")).toBe("3.1.0");
});

test("every route is described, with an operation's id of its own", async () => {
  const answer = await t.call("GET", "/openapi.json");
  const paths = Object.entries(t.api.swagger().paths ?? {});
  const ids = paths.flatMap(([path, item]) =>
    Object.keys(item).map((method) => at(answer, "paths", path, method, "operationId")),
  );
  expect(ids.length).toBeGreaterThan(45);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain(undefined);
  expect(answer.text).not.toMatch(/"(?:#\/components\/schemas\/)?\w+InInput"/);
});

test("what follows from a method and a body is described with each route", async () => {
  const { json } = await t.call("GET", "/openapi.json");
  const operation = (method: string, path: string) => {
    const found = at({ json, status: 200, text: "", headers: {} }, "paths", path, method);
    return found === undefined ? "" : JSON.stringify(found);
  };
  const statuses = (method: string, path: string) =>
    Array.from(operation(method, path).matchAll(/"(\d{3})":/g), ([, status]) => Number(status));
  const app = "/api/v1/app";
  expect(statuses("get", app)).toEqual([200, 400, 401, 403, 404, 422, 500, 503]);
  expect(statuses("post", app)).toEqual(expect.arrayContaining([400, 409, 413, 415, 500]));
  // A DELETE need not have a body; one that is no JSON is refused all the same.
  expect(statuses("delete", `${app}/{app_id}`)).toContain(415);
  expect(operation("post", app)).toContain('"name":"idempotency-key"');
  expect(operation("put", `${app}/{app_id}`)).not.toContain("idempotency-key");
  const gets = Object.keys(t.api.swagger().paths ?? {}).filter((path) =>
    statuses("get", path).includes(409),
  );
  expect(gets).toEqual([]);
});

test.each(["/", "/docs/"])("%s leads to the reference page", async (url) => {
  const answer = await t.api.inject(url);
  expect([answer.statusCode, answer.headers["location"]]).toEqual([302, "/docs"]);
});

test("the reference page asks for nothing from elsewhere, and runs its own script alone", async () => {
  const page = await t.api.inject("/docs");
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  const script = /<script[^>]*>([^]*)<\/script>/.exec(page.body)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  expect(page.headers["content-security-policy"]).toContain(`script-src 'sha256-${hash}'`);
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
});

test("browsers of the origins that are set may call, and others may not", async () => {
  const ask = (origin: string) =>
    t.api.inject({
      method: "OPTIONS",
      url: "/api/v1/app",
      headers: { origin, "access-control-request-method": "POST" },
    });
  const allowed = await ask("https://app.example.com");
  expect(allowed.headers["access-control-allow-origin"]).toBe("https://app.example.com");
  const other = await ask("https://evil.example.com");
  expect(other.headers["access-control-allow-origin"]).toBeUndefined();
});
