import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StoreUnavailable, type StoreFault } from "../../src/ports/store-errors.ts";
import { at, openApi, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let fault: StoreFault | "bug" | undefined;
let dispatcher: "working" | "failing" | "elsewhere" = "working";
beforeAll(async () => {
  t = await openApi({
    dispatcherHealth: () =>
      dispatcher === "failing" ? { kind: "failing", detail: "It stopped." } : { kind: dispatcher },
    wrap: (store) =>
      new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...args: readonly unknown[]) => {
            const faulty = name === "check" || name === "publish" || name === "listApplications";
            if (faulty && fault === "bug") throw new Error("token phk_secret in a message");
            if (faulty && fault !== undefined && fault !== "bug") {
              throw new StoreUnavailable(fault, "internal words");
            }
            return Reflect.apply(value, target, args);
          };
        },
      }),
  });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
});
afterAll(() => t.close());

describe("health", () => {
  test("is told without a key", async () => {
    const health = await t.call("GET", "/health", { token: null });
    expect([health.status, health.json]).toEqual([
      200,
      {
        status: "ok",
        parts: {
          store: { working: true, detail: null },
          dispatcher: { working: true, detail: null },
        },
      },
    ]);
    const ping = await t.call("GET", "/health/ping", { token: null });
    expect([ping.status, ping.text]).toEqual([204, ""]);
  });

  test("names the part that fails", async () => {
    fault = "disk-full";
    dispatcher = "failing";
    const health = await t.call("GET", "/health", { token: null });
    expect(health.status).toBe(503);
    expect(health.json).toMatchObject({
      code: "unhealthy",
      parts: {
        store: { working: false, detail: "The store's disk is full." },
        dispatcher: { working: false, detail: "It stopped." },
      },
    });
    fault = undefined;
    dispatcher = "working";
    expect((await t.call("GET", "/health", { token: null })).status).toBe(200);
  });
});

describe("a process with one role", () => {
  test("says that it does not deliver, and is well", async () => {
    dispatcher = "elsewhere";
    const health = await t.call("GET", "/health", { token: null });
    dispatcher = "working";
    expect(health.status).toBe(200);
    expect(health.json).toMatchObject({ status: "ok", parts: { dispatcher: null } });
  });

  test("answers nothing but its health when it only delivers", async () => {
    const worker = await openApi({ serves: "health" });
    const { api } = worker;
    for (const path of ["/api/v1/health", "/api/v1/health/ping"]) {
      expect((await api.inject({ method: "GET", url: path })).statusCode).toBeLessThan(300);
    }
    const others = [
      ["GET", "/api/v1/app"],
      ["POST", "/api/v1/app/a/msg"],
      ["POST", "/in/src_1/token"],
      ["GET", "/"],
    ] as const;
    for (const [method, url] of others) {
      const answer = await api.inject({ method, url });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: "api_elsewhere" });
    }
    await worker.close();
  });
});

describe("a store that cannot write", () => {
  test.each([
    ["disk-full", "disk_full"],
    ["read-only", "store_read_only"],
    ["io-error", "store_io_error"],
    ["corrupt", "store_corrupt"],
    ["closed", "store_closed"],
  ] as const)("(%s) is answered with 503 %s and when to come back", async (kind, code) => {
    fault = kind;
    const body = { eventType: "a", payload: {} };
    const answer = await t.call("POST", "/app/a/msg", { body });
    fault = undefined;
    expect([answer.status, at(answer, "code")]).toEqual([503, code]);
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.text).not.toContain("internal words");
  });
});

test("a fault of the server's own is answered with 500 and nothing of it, and logged", async () => {
  fault = "bug";
  const answer = await t.call("GET", "/app", { headers: { "x-request-id": "req-7" } });
  fault = undefined;
  expect(answer.status).toBe(500);
  expect(answer.json).toEqual({
    code: "server_error",
    detail: "An unexpected fault of the server.",
  });
  expect(t.log.join("")).toContain('"reqId":"req-7"');
});

test("a request id is taken over when it is sane, and made otherwise", async () => {
  const idOf = async (given: string) =>
    (await t.call("GET", "/health/ping", { token: null, headers: { "x-request-id": given } }))
      .headers["x-request-id"];
  expect(await idOf("trace:1-a.b_c")).toBe("trace:1-a.b_c");
  for (const odd of ["", "a b", "x".repeat(129), "<script>"]) {
    expect(await idOf(odd)).toMatch(/^req_[\w-]+$/);
  }
});
