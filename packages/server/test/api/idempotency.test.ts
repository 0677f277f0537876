import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
const waiting: (() => void)[] = [];
beforeAll(async () => {
  t = await openApi({
    // Publishes of the event type `slow` wait until they are let go.
    wrap: (store) =>
      new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          if (name !== "publish") return value.bind(target);
          return async (publication: Parameters<typeof store.publish>[0]) => {
            if (publication.message.eventType === "slow") {
              await new Promise<void>((resolve) => waiting.push(resolve));
            }
            return store.publish(publication);
          };
        },
      }),
  });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
  await t.call("POST", "/app/a/endpoint", { body: { url: "https://example.com/", uid: "e" } });
});
afterAll(() => t.close());

const key = (name: string) => ({ "idempotency-key": name });

describe("an idempotency key", () => {
  test("answers a repeated publish with the same text, and publishes once", async () => {
    const body = '{"eventType":"k","payload":{"n": 1.10}}';
    const first = await t.call("POST", "/app/a/msg", { body, headers: key("k1") });
    const again = await t.call("POST", "/app/a/msg", { body, headers: key("k1") });
    expect([again.status, again.text]).toEqual([202, first.text]);
    expect(itemsOf(await t.call("GET", "/app/a/msg?event_types=k"))).toHaveLength(1);
  });

  test.each([
    ["/app", { name: "twice", uid: "idem" }],
    ["/app/a/endpoint", { url: "https://example.com/", uid: "idem" }],
    ["/event-type", { name: "idem", description: "" }],
    ["/app/a/endpoint/e/secret/rotate", {}],
    ["/app/a/endpoint/e/send-example", { eventType: "x" }],
  ])("answers a repeated POST %s with what was answered first", async (path, body) => {
    const first = await t.call("POST", path, { body, headers: key("k2") });
    const again = await t.call("POST", path, { body, headers: key("k2") });
    expect(first.status).toBeLessThan(300);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
  });

  test("makes one API key, whose id a repeated request is told and whose token is not kept", async () => {
    const body = { name: "once-by-key" };
    const first = await t.call("POST", "/api-key", { body, headers: key("ak") });
    const again = await t.call("POST", "/api-key", { body, headers: key("ak") });
    expect([again.status, at(again, "code")]).toEqual([409, "api_key_created_before"]);
    expect(textAt(again, "detail")).toContain(textAt(first, "id"));
    expect(again.text).not.toContain("phk_");
    const other = await t.call("POST", "/api-key", { body: { name: "x" }, headers: key("ak") });
    expect([other.status, at(other, "code")]).toEqual([422, "idempotency_key_reused"]);
    const names = itemsOf(await t.call("GET", "/api-key")).filter((each) =>
      JSON.stringify(each).includes("once-by-key"),
    );
    expect(names).toHaveLength(1);
  });

  test("of a pause does not pause again what was resumed since", async () => {
    const at1 = "/app/a/endpoint/e";
    const first = await t.call("POST", `${at1}/pause`, { headers: key("pz") });
    await t.call("POST", `${at1}/resume`, { headers: key("pz") });
    const again = await t.call("POST", `${at1}/pause`, { headers: key("pz") });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(at(await t.call("GET", at1), "paused")).toBe(false);
  });

  test.each([
    ["/app/a/endpoint/e/pause", undefined, {}],
    ["/app/a/endpoint/e/resume", undefined, {}],
    ["/app/a/msg/precheck/active", { eventType: "a" }, { eventType: "b" }],
  ])("refuses another body of POST %s", async (path, body, other) => {
    const how = { headers: key("k7") };
    expect((await t.call("POST", path, { ...how, body })).status).toBe(200);
    expect((await t.call("POST", path, { ...how, body })).status).toBe(200);
    const answer = await t.call("POST", path, { ...how, body: other });
    expect([answer.status, at(answer, "code")]).toEqual([422, "idempotency_key_reused"]);
  });

  test("refuses another body, and another query, under the same key", async () => {
    const send = (path: string, n: number) =>
      t.call("POST", path, { body: { eventType: "o", payload: { n } }, headers: key("k3") });
    expect((await send("/app/a/msg", 1)).status).toBe(202);
    const others = [await send("/app/a/msg", 2), await send("/app/a/msg?with_content=false", 1)];
    expect(others.map((each) => [each.status, at(each, "code")])).toEqual(
      others.map(() => [422, "idempotency_key_reused"]),
    );
  });

  test("belongs to its path and its token", async () => {
    await t.call("POST", "/app", { body: { name: "b", uid: "b" } });
    const token = textAt(
      await t.call("POST", "/api-key", { body: { name: "k", application: "a" } }),
      "token",
    );
    const body = { eventType: "p", payload: {} };
    const ids = [
      await t.call("POST", "/app/a/msg", { body, headers: key("k4") }),
      await t.call("POST", "/app/b/msg", { body, headers: key("k4") }),
      await t.call("POST", "/app/a/msg", { body, headers: key("k4"), token }),
    ].map((each) => textAt(each, "id"));
    expect(new Set(ids).size).toBe(3);
  });

  test("is refused with 409 while its first request runs, and free afterwards", async () => {
    const body = { eventType: "slow", payload: {} };
    const running = t.call("POST", "/app/a/msg", { body, headers: key("k5") });
    await expect.poll(() => waiting.length).toBe(1);
    const meanwhile = await t.call("POST", "/app/a/msg", { body, headers: key("k5") });
    expect([meanwhile.status, at(meanwhile, "code")]).toEqual([409, "idempotency_in_progress"]);
    waiting.pop()?.();
    const first = await running;
    const again = t.call("POST", "/app/a/msg", { body, headers: key("k5") });
    await expect.poll(() => waiting.length).toBe(1);
    waiting.pop()?.();
    expect((await again).text).toBe(first.text);
  });

  test("remembers no refusal", async () => {
    const wrong = { eventType: "a b", payload: {} };
    const right = { eventType: "a", payload: {} };
    const refused = await t.call("POST", "/app/a/msg", { body: wrong, headers: key("k6") });
    const taken = await t.call("POST", "/app/a/msg", { body: right, headers: key("k6") });
    expect([refused.status, taken.status]).toEqual([422, 202]);
  });

  test("of no sane length is refused", async () => {
    const body = { eventType: "a", payload: {} };
    const answer = await t.call("POST", "/app/a/msg", { body, headers: key("x".repeat(257)) });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["header", "idempotency-key"]);
  });
});
