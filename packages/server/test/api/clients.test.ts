import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiException, Svix } from "svix";
import { Svix as Svix1 } from "svix1";
import { openApi, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let serverUrl: string;
beforeAll(async () => {
  t = await openApi();
  serverUrl = await t.api.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => t.close());

const url = "https://example.com/hook";

describe("Svix's client 2.x", () => {
  test("works for everything that is here", async () => {
    const svix = new Svix(t.adminToken, { serverUrl });
    await svix.health.get();
    const app = await svix.application.getOrCreate({ name: "c", uid: "c2" });
    expect((await svix.application.getOrCreate({ name: "c", uid: "c2" })).id).toBe(app.id);
    expect((await svix.application.list({ limit: 250 })).data.map((each) => each.uid)).toContain(
      "c2",
    );
    expect((await svix.application.patch("c2", { name: "d" })).name).toBe("d");

    const endpoint = await svix.endpoint.create("c2", { url, uid: "e", eventTypes: ["a.b"] });
    expect(endpoint.eventTypes).toEqual(["a.b"]);
    expect(endpoint.createdAt).toBeInstanceOf(Date);
    expect((await svix.endpoint.getSecret("c2", "e")).key).toMatch(/^whsec_/);
    await svix.endpoint.rotateSecret("c2", "e", {});
    await svix.endpoint.patchHeaders("c2", "e", { headers: { "x-a": "1" } });
    expect((await svix.endpoint.getHeaders("c2", "e")).headers).toEqual({ "x-a": "1" });
    expect((await svix.endpoint.patch("c2", "e", { description: "x" })).description).toBe("x");
    expect((await svix.endpoint.list("c2")).data).toHaveLength(1);

    await svix.eventType.create({ name: "a.b", description: "x" });
    expect((await svix.eventType.list()).data.map((each) => each.name)).toContain("a.b");
    expect((await svix.eventType.get("a.b")).deprecated).toBe(false);

    const message = await svix.message.create("c2", {
      eventType: "a.b",
      eventId: "one",
      payload: { x: 1 },
      deliverAt: new Date(Date.now() + 3_600_000),
    });
    expect(message.payload).toEqual({});
    const got = await svix.message.get("c2", "one", { withContent: true });
    expect(got.payload).toEqual({ x: 1 });
    expect((await svix.message.list("c2", { eventTypes: ["a.b", "c"] })).data).toHaveLength(1);
    expect(await svix.message.precheck("c2", { eventType: "a.b" })).toEqual({ active: true });

    const attempts = svix.messageAttempt;
    const destinations = await attempts.listAttemptedDestinations("c2", message.id);
    expect(destinations.data).toMatchObject([{ uid: "e", status: 1, statusText: "pending" }]);
    expect(destinations.data[0]?.nextAttempt).toBeInstanceOf(Date);
    const messages = await attempts.listAttemptedMessages("c2", "e");
    expect(messages.data.map((each) => each.id)).toEqual([message.id]);
    await attempts.resend("c2", message.id, "e");
    expect((await attempts.listByEndpoint("c2", "e")).data).toEqual([]);
    expect((await attempts.listByMsg("c2", message.id)).done).toBe(true);
    expect(await svix.endpoint.getStats("c2", "e")).toMatchObject({ pending: 1, success: 0 });
    expect((await svix.endpoint.sendExample("c2", "e", { eventType: "a.b" })).id).toMatch(/^msg_/);
    await svix.message.expungeContent("c2", message.id);
    await svix.eventType.delete("a.b");
    await svix.endpoint.delete("c2", "e");
    await svix.application.delete("c2");
  });

  test("is told of errors in the shapes that it reads", async () => {
    const svix = new Svix(t.adminToken, { serverUrl });
    const failure = await svix.application.get("none").catch((error: unknown) => error);
    if (!(failure instanceof ApiException)) throw new Error("expected an ApiException");
    expect([failure.code, failure.body]).toEqual([
      404,
      { code: "application_not_found", detail: "There is no such application." },
    ]);
    const invalid = await svix.application.create({ name: "" }).catch((error: unknown) => error);
    if (!(invalid instanceof ApiException)) throw new Error("expected an ApiException");
    expect(invalid.body).toEqual({
      detail: [{ loc: ["body", "name"], msg: "must not be empty", type: "value_error" }],
    });
    const wrong = new Svix("wrong", { serverUrl }).application.list();
    await expect(wrong).rejects.toMatchObject({ code: 401 });
  });
});

describe("Svix's client 1.x", () => {
  test("works with a slash at the end of the server's URL, and with the old names", async () => {
    const svix = new Svix1(t.adminToken, { serverUrl: `${serverUrl}/` });
    const app = await svix.application.create({ name: "c", uid: "c1", rateLimit: 4 });
    expect([app.rateLimit, app.throttleRate]).toEqual([4, 4]);
    const endpoint = await svix.endpoint.create("c1", {
      url,
      uid: "e",
      filterTypes: ["a"],
      rateLimit: 3,
      version: 1,
    });
    expect(endpoint).toMatchObject({ filterTypes: ["a"], rateLimit: 3, version: 1 });
    const updated = await svix.endpoint.update("c1", "e", { url, version: 2 });
    expect(updated.filterTypes ?? null).toBeNull();
    await svix.eventType.create({ name: "old", description: "", featureFlag: "f" });
    expect((await svix.eventType.get("old")).featureFlag).toBe("f");
    const message = await svix.message.create("c1", { eventType: "a", payload: { x: 1 } });
    expect(message.payload).toEqual({ x: 1 });
    expect((await svix.message.list("c1")).data[0]?.payload).toEqual({ x: 1 });
    const destinations = await svix.messageAttempt.listAttemptedDestinations("c1", message.id);
    expect(destinations.data).toMatchObject([{ uid: "e", status: 1 }]);
    await svix.messageAttempt.resend("c1", message.id, "e");
    await svix.endpoint.headersUpdate("c1", "e", { headers: { "x-a": "1" } });
    await svix.endpoint.rotateSecret("c1", "e", { gracePeriodSeconds: 60 });
    await svix.application.delete("c1");
  });
});
