import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
beforeAll(async () => {
  t = await openApi();
});
afterAll(() => t.close());

describe("applications", () => {
  test("are created with every field, and shown under id and uid", async () => {
    const body = { name: "Acme", uid: "acme", throttleRate: 5, metadata: { plan: "pro" } };
    const created = await t.call("POST", "/app", { body });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ ...body, rateLimit: 5 });
    expect(textAt(created, "id")).toMatch(/^app_[0-9A-Za-z]{15}$/);
    expect((await t.call("GET", "/app/acme")).json).toEqual(created.json);
    expect((await t.call("GET", `/app/${textAt(created, "id")}`)).json).toEqual(created.json);
  });

  test("get defaults for what is left out", async () => {
    const created = await t.call("POST", "/app", { body: { name: "bare" } });
    expect(created.json).toMatchObject({ uid: null, throttleRate: null, metadata: {} });
  });

  test("of a uid that no URL can address are refused, with the characters it takes", async () => {
    for (const uid of [".", "..", "a b", "ä"]) {
      const refused = await t.call("POST", "/app", { body: { name: "one", uid } });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain("a uid takes letters, digits and - _ .");
    }
    expect((await t.call("POST", "/app", { body: { name: "one", uid: "..." } })).status).toBe(201);
  });

  test("of a taken uid are refused, or got when asked so", async () => {
    const first = await t.call("POST", "/app", { body: { name: "one", uid: "taken" } });
    const again = await t.call("POST", "/app", { body: { name: "two", uid: "taken" } });
    expect(again.status).toBe(409);
    expect(at(again, "code")).toBe("uid_taken");
    const got = await t.call("POST", "/app?get_if_exists=true", {
      body: { name: "two", uid: "taken" },
    });
    expect(got.status).toBe(200);
    expect(got.json).toEqual(first.json);
  });

  test("are created by PUT under a uid, replaced by the next, and keep their uid", async () => {
    const created = await t.call("PUT", "/app/by-put", { body: { name: "n", throttleRate: 2 } });
    expect(created.status).toBe(201);
    expect(at(created, "uid")).toBe("by-put");
    const replaced = await t.call("PUT", "/app/by-put", { body: { name: "m" } });
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({
      id: textAt(created, "id"),
      uid: "by-put",
      name: "m",
      throttleRate: null,
    });
  });

  test("are not created by PUT under an id that nobody has", async () => {
    const unknown = t.codec.format("application", t.ids.next("application"));
    const answer = await t.call("PUT", `/app/${unknown}`, { body: { name: "n" } });
    expect(answer.status).toBe(404);
  });

  test("are changed by PATCH in what is named alone, and null clears", async () => {
    await t.call("POST", "/app", {
      body: { name: "p", uid: "patch", throttleRate: 3, metadata: { a: "b" } },
    });
    const renamed = await t.call("PATCH", "/app/patch", { body: { name: "q" } });
    expect(renamed.json).toMatchObject({ name: "q", throttleRate: 3, metadata: { a: "b" } });
    const cleared = await t.call("PATCH", "/app/patch", { body: { throttleRate: null } });
    expect(cleared.json).toMatchObject({ name: "q", throttleRate: null });
    const moved = await t.call("PATCH", "/app/patch", { body: { uid: "patched" } });
    expect(at(moved, "uid")).toBe("patched");
    expect((await t.call("GET", "/app/patch")).status).toBe(404);
    expect((await t.call("GET", "/app/patched")).status).toBe(200);
  });

  test("take the old name of the rate, and refuse two that differ", async () => {
    const old = await t.call("POST", "/app", { body: { name: "r", rateLimit: 7 } });
    expect(old.json).toMatchObject({ throttleRate: 7, rateLimit: 7 });
    const both = { name: "r", rateLimit: 7, throttleRate: 8 };
    expect((await t.call("POST", "/app", { body: both })).status).toBe(422);
  });

  test("refuse a uid that looks like an id", async () => {
    const uid = t.codec.format("application", t.ids.next("application"));
    const answer = await t.call("POST", "/app", { body: { name: "n", uid } });
    expect(answer.status).toBe(422);
    expect(at(answer, "detail", 0, "loc")).toEqual(["body", "uid"]);
  });

  test("are gone once deleted, and their uid is free", async () => {
    await t.call("POST", "/app", { body: { name: "d", uid: "gone" } });
    const deleted = await t.call("DELETE", "/app/gone");
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await t.call("GET", "/app/gone")).status).toBe(404);
    expect((await t.call("DELETE", "/app/gone")).status).toBe(404);
    expect((await t.call("POST", "/app", { body: { name: "d", uid: "gone" } })).status).toBe(201);
  });

  test("are listed in both orders", async () => {
    const up = await t.call("GET", "/app?limit=250");
    const down = await t.call("GET", "/app?limit=250&order=descending");
    expect(itemsOf(up).length).toBeGreaterThan(3);
    expect(itemsOf(down)).toEqual(itemsOf(up).toReversed());
  });
});
