import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type PosthornProcess,
  adminKey,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { type Answered, type Api, connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";
import { checkAnswer } from "./kit/svix-contract.ts";

const maxBytes = 20_000;
const env = { POSTHORN_MAX_PAYLOAD_BYTES: String(maxBytes), POSTHORN_RETRY_SCHEDULE: "0,3600" };

let server: PosthornProcess;
let api: Api;
beforeAll(async () => {
  server = await startPosthorn({ dataDir: newDataDir(), env });
  api = connect(server);
});
afterAll(async () => {
  await endAll();
  await closeReceivers();
});

const nowhere = "http://127.0.0.1:9/";
const event = { eventType: "a.b", payload: { a: 1 } };

/** As `ask`, held to the contract. */
async function asks(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
): Promise<Answered> {
  const answered = await api.ask(method, path, {
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  });
  const { status, text } = answered;
  const contentType = answered.headers.get("content-type");
  checkAnswer({ method, target: `/api/v1${path}`, status, contentType, text });
  return answered;
}

async function statusOf(...request: Parameters<typeof asks>): Promise<number> {
  return (await asks(...request)).status;
}

async function codeOf(...request: Parameters<typeof asks>): Promise<unknown> {
  const { status, body } = await asks(...request);
  if (typeof body !== "object" || body === null || !("code" in body)) return [status];
  return [status, body.code];
}

describe("statuses", () => {
  test("of what is created, read, changed and deleted", async () => {
    const uid = `s-${randomUUID()}`;
    expect(await statusOf("POST", "/app", { name: "a", uid })).toBe(201);
    expect(await statusOf("POST", "/app?get_if_exists=true", { name: "a", uid })).toBe(200);
    expect(await codeOf("POST", "/app?get_if_exists=false", { name: "a", uid })).toEqual([
      409,
      "uid_taken",
    ]);
    expect(await statusOf("PUT", `/app/${uid}`, { name: "b" })).toBe(200);
    expect((await asks("GET", `/app/${uid}`)).body).toMatchObject({ uid, name: "b" });
    expect(await statusOf("PUT", `/app/${uid}-2`, { name: "b" })).toBe(201);
    expect(await statusOf("PATCH", `/app/${uid}`, {})).toBe(200);

    const at = `/app/${uid}/endpoint`;
    expect(await statusOf("POST", at, { url: nowhere, uid: "e" })).toBe(201);
    expect(await statusOf("PUT", `${at}/e`, { url: nowhere })).toBe(200);
    expect((await asks("GET", `${at}/e`)).body).toMatchObject({ uid: "e" });
    expect(await statusOf("PUT", `${at}/e2`, { url: nowhere })).toBe(201);
    expect(await codeOf("PATCH", `${at}/e2`, { uid: "e" })).toEqual([409, "uid_taken"]);
    expect(await codeOf("PUT", `${at}/e2`, { url: nowhere, uid: "e" })).toEqual([409, "uid_taken"]);
    expect(await statusOf("POST", `${at}/e/secret/rotate`)).toBe(204);
    expect(await statusOf("POST", `${at}/e/secret/rotate`, {})).toBe(204);
    expect(await statusOf("POST", `${at}/e/send-example`, { eventType: "a.b" })).toBe(200);

    expect(await statusOf("POST", `/app/${uid}/msg`, { ...event, eventId: "m" })).toBe(202);
    expect(await codeOf("POST", `/app/${uid}/msg`, { ...event, eventId: "m" })).toEqual([
      409,
      "event_id_taken",
    ]);
    expect(await statusOf("POST", `/app/${uid}/msg/m/endpoint/e/resend`)).toBe(202);
    expect(await statusOf("POST", `/app/${uid}/msg/precheck/active`, { eventType: "a.b" })).toBe(
      200,
    );
    expect(await statusOf("DELETE", `/app/${uid}/msg/m/content`)).toBe(204);
    expect(await codeOf("POST", `/app/${uid}/msg/m/endpoint/e/resend`)).toEqual([
      409,
      "content_deleted",
    ]);

    const name = `s.${randomUUID()}`;
    expect(await statusOf("PUT", `/event-type/${name}`, { description: "" })).toBe(201);
    expect(await statusOf("PUT", `/event-type/${name}`, { description: "" })).toBe(200);
    expect(await codeOf("POST", "/event-type", { name, description: "" })).toEqual([
      409,
      "event_type_exists",
    ]);
    expect(await statusOf("DELETE", `/event-type/${name}`)).toBe(204);
    expect(await statusOf("POST", "/event-type", { name, description: "" })).toBe(201);
    expect(await statusOf("DELETE", `/event-type/${name}?expunge=true`)).toBe(204);
    expect(await statusOf("DELETE", `${at}/e`)).toBe(204);
    expect(await statusOf("DELETE", `/app/${uid}`)).toBe(204);
    expect(await statusOf("GET", `/app/${uid}`)).toBe(404);
  });

  test("of what is not there", async () => {
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: nowhere });
    const message = await api.publish(app);
    const other = await api.application();
    for (const path of [
      "/app/none",
      "/app/none/msg",
      `/app/${app}/endpoint/none`,
      `/app/${app}/endpoint/none/headers`,
      `/app/${app}/endpoint/none/secret`,
      `/app/${app}/endpoint/none/stats`,
      `/app/${app}/endpoint/none/msg`,
      `/app/${app}/msg/none`,
      `/app/${app}/msg/none/endpoint`,
      `/app/${app}/msg/${message}/attempt/none`,
      `/app/${app}/attempt/msg/none`,
      `/app/${app}/attempt/endpoint/none`,
      "/event-type/none",
      // What belongs to another application.
      `/app/${other}/endpoint/${endpoint}`,
      `/app/${other}/msg/${message}`,
      `/app/${other}/msg/${message}/endpoint`,
      `/app/${other}/attempt/msg/${message}`,
      `/app/${other}/attempt/endpoint/${endpoint}`,
    ]) {
      expect([path, await statusOf("GET", path)]).toEqual([path, 404]);
    }
    const gone = await api.application();
    expect(await statusOf("DELETE", `/app/${gone}`)).toBe(204);
    expect(await statusOf("PUT", `/app/${gone}`, { name: "a" })).toBe(404);
    const resend = `/app/${other}/msg/${message}/endpoint/${endpoint}/resend`;
    expect(await statusOf("POST", resend)).toBe(404);
  });

  test("of a route, a method and a media type that there is not", async () => {
    const unknown = await api.ask("GET", "/nothing/here");
    expect([unknown.status, unknown.body]).toEqual([
      404,
      { code: "not_found", detail: expect.any(String) },
    ]);
    const outside = await fetch(`${server.url}/nothing`);
    expect([outside.status, await outside.json()]).toEqual([404, unknown.body]);
    const method = await api.ask("DELETE", "/app");
    expect([method.status, method.body]).toMatchObject([405, { code: "method_not_allowed" }]);
    const text = await api.ask("POST", "/app", {
      body: "name=a",
      headers: { "content-type": "text/plain" },
    });
    expect([text.status, text.body]).toMatchObject([415, { code: "unsupported_media_type" }]);
    const path = await api.ask("GET", "/app/%zz");
    expect([path.status, path.body]).toMatchObject([400, { code: "malformed_path" }]);
  });

  test("of a caller who may not", async () => {
    const wrong = connect(server, "no-such-key");
    for (const [method, path] of [
      ["GET", "/app"],
      ["POST", "/app"],
      ["GET", "/app/none"],
      ["POST", "/app/none/msg"],
    ] as const) {
      const answered = await wrong.ask(method, path);
      expect([answered.status, answered.body]).toMatchObject([
        401,
        { code: "authentication_failed", detail: expect.any(String) },
      ]);
    }
    const without = await fetch(`${server.url}/api/v1/app`);
    expect([without.status, without.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    const app = await api.application();
    const key = await api.done("POST", "/api-key", { body: { name: "k", application: app } });
    if (typeof key !== "object" || key === null || !("token" in key)) throw new Error("no token");
    const scoped = connect(server, String(key.token));
    expect((await scoped.ask("GET", `/app/${app}`)).status).toBe(200);
    expect((await scoped.ask("GET", "/app")).status).toBe(403);
    expect((await scoped.ask("GET", `/app/${await api.application()}`)).status).toBe(404);
  });

  test("of a payload over the limit, and of one right at it", async () => {
    const app = await api.application();
    const bodyOf = (bytes: number) => {
      const frame = JSON.stringify({ p: "" }).length;
      return JSON.stringify({ eventType: "a", payload: { p: "x".repeat(bytes - frame) } });
    };
    expect(await statusOf("POST", `/app/${app}/msg`, bodyOf(maxBytes))).toBe(202);
    expect(await codeOf("POST", `/app/${app}/msg`, bodyOf(maxBytes + 1))).toEqual([
      413,
      "payload_too_large",
    ]);
  });

  test("of content that is at fault, with the place", async () => {
    const app = await api.application();
    const at = `/app/${app}/endpoint`;
    const endpoint = await api.endpoint(app, { url: nowhere, uid: "e" });
    const message = await api.publish(app);
    const cases: readonly (readonly [string, string, unknown, readonly string[]])[] = [
      ["POST", "/app", {}, ["body", "name"]],
      ["POST", "/app", { name: "" }, ["body", "name"]],
      ["POST", "/app", { name: "a", uid: "no blanks" }, ["body", "uid"]],
      ["POST", "/app", { name: "a", uid: "x".repeat(257) }, ["body", "uid"]],
      ["POST", "/app", { name: "a", throttleRate: 0 }, ["body", "throttleRate"]],
      ["POST", "/app", { name: "a", metadata: { a: 1 } }, ["body", "metadata", "a"]],
      ["POST", "/app", { name: "a", unknown: 1 }, ["body", "unknown"]],
      ["POST", "/app?unknown=1", { name: "a" }, ["query", "unknown"]],
      ["POST", "/app", "{", ["body"]],
      ["POST", "/app", "[]", ["body"]],
      ["POST", at, { url: "no url" }, ["body", "url"]],
      ["POST", at, { url: "ftp://example.com" }, ["body", "url"]],
      ["POST", at, { url: nowhere, secret: "whsec_eA==" }, ["body", "secret"]],
      ["POST", at, { url: nowhere, eventTypes: ["a b"] }, ["body", "eventTypes", "0"]],
      ["POST", at, { url: nowhere, channels: "a" }, ["body", "channels"]],
      ["POST", at, { url: nowhere, rateLimit: 1, throttleRate: 2 }, ["body", "rateLimit"]],
      ["POST", at, { url: nowhere, headers: { "a b": "" } }, ["body", "headers", "a b"]],
      [
        "POST",
        `${at}/e/secret/rotate`,
        { gracePeriodSeconds: 604_801 },
        ["body", "gracePeriodSeconds"],
      ],
      ["POST", `${at}/e/secret/rotate`, { gracePeriodSeconds: -1 }, ["body", "gracePeriodSeconds"]],
      ["PUT", `${at}/e/headers`, {}, ["body", "headers"]],
      ["PATCH", `${at}/e`, { disabled: "yes" }, ["body", "disabled"]],
      ["POST", `/app/${app}/msg`, { eventType: "a" }, ["body", "payload"]],
      ["POST", `/app/${app}/msg`, { ...event, payload: [] }, ["body", "payload"]],
      ["POST", `/app/${app}/msg`, { ...event, payload: "a" }, ["body", "payload"]],
      ["POST", `/app/${app}/msg`, { ...event, payload: null }, ["body", "payload"]],
      ["POST", `/app/${app}/msg`, { payload: {} }, ["body", "eventType"]],
      ["POST", `/app/${app}/msg`, { ...event, channels: [] }, ["body", "channels"]],
      [
        "POST",
        `/app/${app}/msg`,
        { ...event, channels: ["a", "b", "c", "d", "e", "f"] },
        ["body", "channels"],
      ],
      [
        "POST",
        `/app/${app}/msg`,
        { ...event, payloadRetentionPeriod: 4 },
        ["body", "payloadRetentionPeriod"],
      ],
      [
        "POST",
        `/app/${app}/msg`,
        { ...event, payloadRetentionPeriod: 91 },
        ["body", "payloadRetentionPeriod"],
      ],
      ["POST", `/app/${app}/msg`, { ...event, deliverAt: "tomorrow" }, ["body", "deliverAt"]],
      [
        "POST",
        `/app/${app}/msg`,
        { ...event, expiresAt: "2001-01-01T00:00:00Z" },
        ["body", "expiresAt"],
      ],
      ["POST", `/app/${app}/msg`, { ...event, unknown: 1 }, ["body", "unknown"]],
      // No path could tell these from the ids.
      ["POST", "/app", { name: "a", uid: app }, ["body", "uid"]],
      ["POST", at, { url: nowhere, uid: endpoint }, ["body", "uid"]],
      ["POST", `/app/${app}/msg`, { ...event, eventId: message }, ["body", "eventId"]],
      ["GET", `/app/${app}/attempt/endpoint/e?status=9`, undefined, ["query", "status"]],
      [
        "GET",
        `/app/${app}/attempt/endpoint/e?status_code_class=250`,
        undefined,
        ["query", "status_code_class"],
      ],
      ["GET", `/app/${app}/msg?before=yesterday`, undefined, ["query", "before"]],
      ["GET", `/app/${app}/msg?with_content=maybe`, undefined, ["query", "with_content"]],
      [
        "POST",
        "/event-type",
        { name: "a", description: "", schemas: { 1: { type: "nothing" } } },
        ["body", "schemas", "1"],
      ],
    ];
    for (const [method, path, body, loc] of cases) {
      const answered = await asks(method, path, body);
      expect([method, path, body, answered.status]).toEqual([method, path, body, 422]);
      expect(answered.body).toMatchObject({ detail: [{ loc }] });
    }
  });
});

describe("the wire", () => {
  test("takes a path that begins with two slashes, and a query behind it", async () => {
    const uid = `slashes-${randomUUID()}`;
    const raw = (method: string, path: string, body?: unknown) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect((await raw("POST", "//api/v1/app", { name: "a", uid })).status).toBe(201);
    expect((await raw("POST", "//api/v1/app?get_if_exists=true", { name: "a", uid })).status).toBe(
      200,
    );
    expect((await raw("GET", `//api/v1/app/${uid}`)).status).toBe(200);
    expect((await raw("GET", "//api/v1/health")).status).toBe(200);
    expect((await raw("DELETE", `//api/v1/app/${uid}`)).status).toBe(204);
  });

  test("takes a list in a query comma-joined, escaped or not, and repeated", async () => {
    const app = await api.application();
    for (const eventType of ["a", "b", "c"]) await api.publish(app, { eventType });
    for (const query of ["event_types=a,b", "event_types=a%2Cb", "event_types=a&event_types=b"]) {
      const { body } = await asks("GET", `/app/${app}/msg?${query}`);
      expect(body).toMatchObject({ data: [{ eventType: "b" }, { eventType: "a" }] });
    }
  });

  test("takes old and new names, and answers under both", async () => {
    const app = await asks("POST", "/app", { name: "a", rateLimit: 4 });
    expect(app.body).toMatchObject({ rateLimit: 4, throttleRate: 4 });
    const id = await api.application({ throttleRate: 5, rateLimit: 5 });
    const at = `/app/${id}/endpoint`;
    const old = { url: nowhere, uid: "e", filterTypes: ["x"], rateLimit: 3, version: 1 };
    const both = {
      filterTypes: ["x"],
      eventTypes: ["x"],
      rateLimit: 3,
      throttleRate: 3,
      version: 1,
    };
    expect((await asks("POST", at, old)).body).toMatchObject(both);
    const { uid: _uid, ...update } = old;
    expect((await asks("PUT", `${at}/e`, { ...update, version: 7 })).body).toMatchObject(both);
    expect((await asks("PATCH", `${at}/e`, { filterTypes: [] })).body).toMatchObject({
      filterTypes: null,
      eventTypes: null,
    });
    expect((await asks("PATCH", `${at}/e`, { rateLimit: null })).body).toMatchObject({
      rateLimit: null,
      throttleRate: null,
    });
    const name = `old.${randomUUID()}`;
    const type = { name, description: "", featureFlag: "f" };
    const flags = { featureFlag: "f", featureFlags: ["f"] };
    expect((await asks("POST", "/event-type", type)).body).toMatchObject(flags);
    const cleared = await asks("PATCH", `/event-type/${name}`, { featureFlag: null });
    expect(cleared.body).toMatchObject({ featureFlag: null, featureFlags: null });
  });

  test("deletes a header that is patched to null, and leaves the others", async () => {
    const app = await api.application();
    await api.endpoint(app, { url: nowhere, uid: "e", headers: { "x-a": "1", "x-b": "2" } });
    const path = `/app/${app}/endpoint/e/headers`;
    const patch = { headers: { "X-A": null, "x-c": "3", "x-never": null } };
    expect(await statusOf("PATCH", path, patch)).toBe(204);
    expect((await asks("GET", path)).body).toEqual({
      headers: { "x-b": "2", "x-c": "3" },
      sensitive: [],
    });
  });

  test("takes the flags that the clients send on their own", async () => {
    const app = await api.application();
    await api.endpoint(app, { url: nowhere, uid: "e" });
    const message = await api.publish(app, { payload: { seen: true } });
    const find = async (query: string) => (await asks("GET", `/app/${app}/msg${query}`)).body;
    expect(await find("?with_content=false")).toMatchObject({ data: [{ payload: {} }] });
    expect(await find("?with_content=true")).toMatchObject({ data: [{ payload: { seen: true } }] });
    expect(await find("")).toMatchObject({ data: [{ payload: { seen: true } }] });
    expect(await find(`/${message}?with_content=false`)).toMatchObject({ payload: {} });
    for (const path of [
      `/app/${app}/attempt/msg/${message}`,
      `/app/${app}/attempt/endpoint/e`,
      `/app/${app}/endpoint/e/msg`,
    ]) {
      for (const query of ["expanded_statuses=true", "with_content=false&expanded_statuses=true"]) {
        expect([path, await statusOf("GET", `${path}?${query}`)]).toEqual([path, 200]);
      }
    }
    const created = `/app/${app}/msg?with_content=false`;
    expect((await asks("POST", created, event)).body).toMatchObject({ payload: {} });
  });

  test("publishes into an application that comes into being, once", async () => {
    const uid = `made-${randomUUID()}`;
    const body = { ...event, application: { name: "made", uid } };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => statusOf("POST", `/app/${uid}/msg`, body)),
    );
    expect(answers).toEqual([202, 202, 202, 202, 202]);
    const listed = await asks("GET", `/app/${uid}/msg`);
    expect(listed.body).toMatchObject({ data: Array.from({ length: 5 }, () => ({})) });
    expect(await statusOf("POST", `/app/${uid}-no/msg`, event)).toBe(404);
  });
});

describe("requests at once", () => {
  const times = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: 8 }, (_, index) => work(index)));

  test("put one thing where there was none: one creates it, the others replace it", async () => {
    const app = await api.application();
    const cases = [
      [`/app/put-${randomUUID()}`, { name: "a" }],
      [`/app/${app}/endpoint/put`, { url: nowhere }],
      [`/event-type/put.${randomUUID()}`, { description: "a" }],
    ] as const;
    for (const [path, body] of cases) {
      const statuses = await times(() => statusOf("PUT", path, body));
      expect([path, statuses.toSorted()]).toEqual([path, [...Array(7).fill(200), 201]]);
    }
  });

  test("ask for one application by its uid: one creates it, all get it", async () => {
    const body = { name: "a", uid: `get-${randomUUID()}` };
    const answers = await times(() => asks("POST", "/app?get_if_exists=true", body));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("patch one endpoint's headers, and none is lost", async () => {
    const app = await api.application();
    await api.endpoint(app, { url: nowhere, uid: "e", headers: { "x-gone": "1" } });
    const path = `/app/${app}/endpoint/e/headers`;
    const patches = times((n) => statusOf("PATCH", path, { headers: { [`x-${n}`]: String(n) } }));
    const deletion = statusOf("PATCH", path, { deleteHeaders: ["x-gone"] });
    expect(new Set([...(await patches), await deletion])).toEqual(new Set([204]));
    const expected = await times((n) => Promise.resolve([`x-${n}`, String(n)]));
    expect((await asks("GET", path)).body).toMatchObject({ headers: Object.fromEntries(expected) });
    expect((await asks("GET", path)).text).not.toContain("x-gone");
  });
});

describe("idempotency keys", () => {
  const keyed = (key: string) => ({ "idempotency-key": key });

  /** The first answer again for the same request, 422 for another one. */
  async function repeats(path: string, body: unknown, other: unknown): Promise<Answered> {
    const headers = keyed(randomUUID());
    const first = await asks("POST", path, body, headers);
    expect([path, first.status < 300]).toEqual([path, true]);
    const again = await asks("POST", path, body, { ...headers, "svix-retry-count": "1" });
    expect([path, again.status, again.text]).toEqual([path, first.status, first.text]);
    expect(await codeOf("POST", path, other, headers)).toEqual([422, "idempotency_key_reused"]);
    // Its refusal changed nothing.
    expect((await asks("POST", path, body, headers)).text).toBe(first.text);
    return first;
  }

  test("do every write once", async () => {
    const target = await receiver();
    const uid = `i-${randomUUID()}`;
    await repeats("/app", { name: "a", uid }, { name: "b", uid });
    await repeats("/app?get_if_exists=true", { name: "a", uid: `${uid}2` }, { name: "b" });
    const at = `/app/${uid}/endpoint`;
    await repeats(at, { url: target.url, uid: "e" }, { url: target.url });
    expect((await asks("GET", at)).body).toMatchObject({ data: [{ uid: "e" }], done: true });
    const type = `i.${randomUUID()}`;
    await repeats("/event-type", { name: type, description: "" }, { name: type, description: "x" });

    await repeats(`/app/${uid}/msg`, { ...event, eventId: "m" }, event);
    await repeats(`/app/${uid}/msg`, event, { ...event, payload: { a: 2 } });
    await target.received(2);
    await until("both are delivered", async () => {
      const { body } = await asks("GET", `${at}/e/stats`);
      return typeof body === "object" && body !== null && "success" in body && body.success === 2;
    });
    await repeats(`/app/${uid}/msg/m/endpoint/e/resend`, {}, undefined);
    await target.received(3);
    await repeats(`${at}/e/send-example`, { eventType: type }, { eventType: "other" });
    await target.received(4);

    await repeats(`${at}/e/secret/rotate`, { gracePeriodSeconds: 0 }, { gracePeriodSeconds: 1 });
    const events = await api.events(uid, "e");
    expect(events.filter(({ kind }) => kind === "secret-rotated")).toHaveLength(1);
    // Whatever a repeated key might have sent again would have gone before this.
    await api.publish(uid);
    expect(await target.received(5)).toHaveLength(5);
    const messages = await asks("GET", `/app/${uid}/msg`);
    expect(messages.body).toMatchObject({ data: [{}, {}, {}, {}], done: true });
  });

  test("answer the same even in bytes that another writing of the body would not have", async () => {
    const app = await api.application();
    const headers = keyed(randomUUID());
    const body = '{"eventType":"a", "payload":{"n":1}}';
    expect(await statusOf("POST", `/app/${app}/msg`, body, headers)).toBe(202);
    expect(await statusOf("POST", `/app/${app}/msg`, body.replace(", ", ","), headers)).toBe(422);
  });

  test("belong to one path and one caller, and an attempt that failed uses none up", async () => {
    const [one, two] = [await api.application(), await api.application()];
    const headers = keyed(randomUUID());
    const first = await asks("POST", `/app/${one}/msg`, event, headers);
    const second = await asks("POST", `/app/${two}/msg`, event, headers);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.text).not.toBe(first.text);
    const fresh = keyed(randomUUID());
    const late = `late-${randomUUID()}`;
    expect(await statusOf("POST", `/app/${late}/msg`, event, fresh)).toBe(404);
    await api.application({ uid: late });
    expect(await statusOf("POST", `/app/${late}/msg`, event, fresh)).toBe(202);
  });

  test("that are in use answer 409, and never do it twice", async () => {
    const app = await api.application();
    // Which of them meets another one that is at work cannot be told; that it happens can.
    await until("one was told that another is at work", async () => {
      const headers = keyed(randomUUID());
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => asks("POST", `/app/${app}/msg`, event, headers)),
      );
      const done = answers.filter(({ status }) => status === 202);
      const busy = answers.filter(({ status }) => status === 409);
      expect(done.length + busy.length).toBe(10);
      expect(new Set(done.map(({ text }) => text)).size).toBe(1);
      for (const { body } of busy) expect(body).toMatchObject({ code: "idempotency_in_progress" });
      return busy.length > 0;
    });
  });

  test("are still known after a restart", async () => {
    const dataDir = newDataDir();
    const before = await startPosthorn({ dataDir });
    const app = await connect(before).application();
    const request = { body: event, headers: keyed(randomUUID()) };
    const first = await connect(before).ask("POST", `/app/${app}/msg`, request);
    expect(first.status).toBe(202);
    await before.kill();
    const after = connect(await startPosthorn({ dataDir }));
    const again = await after.ask("POST", `/app/${app}/msg`, request);
    expect([again.status, again.text]).toEqual([202, first.text]);
    const other = { ...request, body: { ...event, payload: {} } };
    expect((await after.ask("POST", `/app/${app}/msg`, other)).status).toBe(422);
  });
});
