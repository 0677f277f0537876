import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MessageAttemptTriggerType, MessageStatus, StatusCodeClass } from "svix";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import type { Receiver } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";
import { type CheckedClient, svixVersions } from "./kit/svix-clients.ts";
import { contractRoutes } from "./kit/svix-contract.ts";

// Two attempts: what failed once waits for an hour.
const env = { POSTHORN_RETRY_SCHEDULE: "0,3600" };

let server: PosthornProcess;
beforeAll(async () => {
  server = await startPosthorn({ dataDir: newDataDir(), env });
});
afterAll(async () => {
  await endAll();
  await closeReceivers();
});

const later = () => new Date(Date.now() + 3_600_000);

describe.each(svixVersions)("Svix's client $name", ({ connect, short, asksForContent }) => {
  let client: CheckedClient;
  let works: Receiver;
  beforeAll(async () => {
    client = connect(server);
    works = await receiver({ answer: { status: 201, body: "thanks" } });
  });

  /** The status of what was answered last: the clients do not tell. */
  function expectStatus(status: number): void {
    expect(client.last().status).toBe(status);
  }

  async function refused(call: Promise<unknown>): Promise<unknown> {
    const error: unknown = await call.then(
      () => new Error("it was not refused"),
      (thrown: unknown) => thrown,
    );
    if (error instanceof Error && "code" in error && "body" in error) {
      expectStatus(Number(error.code));
      return { status: error.code, body: error.body };
    }
    throw error;
  }

  function refusal(status: number, code: string): unknown {
    return { status, body: { code, detail: expect.any(String) } };
  }

  test("creates, gets, replaces, changes and deletes applications, by id and by uid", async () => {
    const { application } = client.calls;
    const uid = `${short}-app`;
    const created = await application.create({
      name: "first",
      uid,
      throttleRate: 7,
      metadata: { a: "1" },
    });
    expectStatus(201);
    expect(created).toMatchObject({ name: "first", uid, throttleRate: 7, metadata: { a: "1" } });
    expect(created.createdAt).toBeInstanceOf(Date);
    expect(await application.get(uid)).toEqual(created);
    expect(await application.get(created.id)).toEqual(created);
    expect(await refused(application.create({ name: "second", uid }))).toEqual(
      refusal(409, "uid_taken"),
    );

    expect(await application.getOrCreate({ name: "second", uid })).toEqual(created);
    expectStatus(200);
    const other = await application.getOrCreate({ name: "other", uid: `${uid}-other` });
    expectStatus(201);

    const replaced = await application.upsert(uid, { name: "replaced", uid });
    expectStatus(200);
    expect(replaced).toMatchObject({ id: created.id, uid, name: "replaced", metadata: {} });
    expect(replaced.throttleRate).toBeNull();
    const put = await application.upsert(`${uid}-put`, { name: "put" });
    expectStatus(201);
    expect(put).toMatchObject({ uid: `${uid}-put`, name: "put" });
    expect(await application.get(`${uid}-put`)).toEqual(put);

    const patched = await application.patch(created.id, { uid: `${uid}-new`, throttleRate: 3 });
    expect(patched).toMatchObject({ name: "replaced", uid: `${uid}-new`, throttleRate: 3 });
    expect(patched.updatedAt.getTime()).toBeGreaterThanOrEqual(created.updatedAt.getTime());
    expect(patched.createdAt).toEqual(created.createdAt);
    expect(await application.get(`${uid}-new`)).toEqual(patched);
    expect(await refused(application.get(uid))).toEqual(refusal(404, "application_not_found"));
    expect((await application.patch(created.id, { throttleRate: null })).throttleRate).toBeNull();

    const listed = await application.list({ limit: 250 });
    const ids = listed.data.map((each) => each.id);
    expect(ids).toEqual(expect.arrayContaining([created.id, other.id, put.id]));
    for (const { id } of [created, other, put]) {
      await application.delete(id);
      expectStatus(204);
    }
    expect(await refused(application.get(created.id))).toMatchObject({ status: 404 });
    expect(await refused(application.delete(created.id))).toMatchObject({ status: 404 });
    // A deleted application gives its uid back.
    expect((await application.create({ name: "again", uid: `${uid}-new` })).id).not.toBe(
      created.id,
    );
  });

  test("creates, gets, lists, replaces, changes and deletes endpoints", async () => {
    const { application, endpoint } = client.calls;
    const app = `${short}-endpoints`;
    await application.create({ name: "a", uid: app });
    const whole = {
      url: `${works.url}/hook?a=1`,
      uid: "first",
      description: "the first",
      disabled: true,
      eventTypes: ["a.b", "a.c"],
      channels: ["red", "blue"],
      throttleRate: 5,
      metadata: { team: "x" },
    };
    const created = await endpoint.create(app, { ...whole, headers: { "x-first": "1" } });
    expectStatus(201);
    expect(created).toMatchObject(whole);
    expect(await endpoint.get(app, "first")).toEqual(created);
    expect(await endpoint.get(app, created.id)).toEqual(created);
    expect((await endpoint.getHeaders(app, "first")).headers).toEqual({ "x-first": "1" });
    expect(await refused(endpoint.create(app, { url: works.url, uid: "first" }))).toEqual(
      refusal(409, "uid_taken"),
    );

    const bare = await endpoint.create(app, { url: works.url });
    expect(bare).toMatchObject({ description: "", disabled: false, metadata: {} });
    expect([bare.uid, bare.eventTypes, bare.channels, bare.throttleRate]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect((await endpoint.list(app)).data).toEqual([created, bare]);

    const replaced = await endpoint.upsert(app, "first", { url: works.url, uid: "first" });
    expectStatus(200);
    expect(replaced).toMatchObject({ id: created.id, description: "", disabled: false });
    expect([replaced.eventTypes, replaced.channels, replaced.throttleRate]).toEqual([
      null,
      null,
      null,
    ]);
    expect(replaced.metadata).toEqual({});
    const put = await endpoint.upsert(app, "by-put", { url: works.url });
    expectStatus(201);
    expect(put.uid).toBe("by-put");
    expect(await endpoint.get(app, "by-put")).toEqual(put);

    const patched = await endpoint.patch(app, created.id, {
      url: `${works.url}/other`,
      eventTypes: ["z"],
      disabled: true,
    });
    expect(patched).toMatchObject({ url: `${works.url}/other`, uid: "first", disabled: true });
    expect((await endpoint.patch(app, "first", { eventTypes: null })).eventTypes).toBeNull();
    expect((await endpoint.patch(app, "first", { eventTypes: [] })).eventTypes).toBeNull();
    expect((await endpoint.patch(app, "first", { uid: "renamed" })).id).toBe(created.id);
    expect((await endpoint.get(app, "renamed")).url).toBe(`${works.url}/other`);

    await endpoint.delete(app, "renamed");
    expectStatus(204);
    expect(await refused(endpoint.get(app, created.id))).toEqual(
      refusal(404, "endpoint_not_found"),
    );
    expect((await endpoint.list(app)).data.map((each) => each.id)).toEqual([bare.id, put.id]);
  });

  test("reads and rotates secrets", async () => {
    const { application, endpoint } = client.calls;
    const app = `${short}-secrets`;
    await application.create({ name: "a", uid: app });
    await endpoint.create(app, { url: works.url, uid: "e" });
    const first = await endpoint.getSecret(app, "e");
    expect(first.key).toMatch(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
    await endpoint.rotateSecret(app, "e", {});
    expectStatus(204);
    const second = await endpoint.getSecret(app, "e");
    expect(second.key).not.toBe(first.key);
    const key = `whsec_${Buffer.alloc(24, short).toString("base64")}`;
    await endpoint.rotateSecret(app, "e", { key, gracePeriodSeconds: 0 });
    expect(await endpoint.getSecret(app, "e")).toEqual({ key });
    const wrong = endpoint.rotateSecret(app, "e", { key: "whsec_c2hvcnQ=" });
    expect(await refused(wrong)).toMatchObject({ status: 422 });
    expect(await endpoint.getSecret(app, "e")).toEqual({ key });

    const chosen = `whsec_${Buffer.alloc(75, "k").toString("base64")}`;
    await endpoint.create(app, { url: works.url, uid: "chosen", secret: chosen });
    expect(await endpoint.getSecret(app, "chosen")).toEqual({ key: chosen });
  });

  test("reads, replaces and changes headers, and is not shown those that are secret", async () => {
    const { application, endpoint } = client.calls;
    const app = `${short}-headers`;
    await application.create({ name: "a", uid: app });
    await endpoint.create(app, { url: works.url, uid: "e" });
    expect(await endpoint.getHeaders(app, "e")).toEqual({ headers: {}, sensitive: [] });
    await endpoint.setHeaders(app, "e", {
      headers: { "X-One": "1", "X-Two": "2", Authorization: "Bearer secret" },
    });
    expectStatus(204);
    expect(await endpoint.getHeaders(app, "e")).toEqual({
      headers: { "X-One": "1", "X-Two": "2" },
      sensitive: ["Authorization"],
    });
    await endpoint.patchHeaders(app, "e", {
      headers: { "x-two": "two", "X-Three": "3" },
      deleteHeaders: ["x-one"],
    });
    expectStatus(204);
    const patched = await endpoint.getHeaders(app, "e");
    expect(patched.headers).toEqual({ "x-two": "two", "X-Three": "3" });
    expect(patched.sensitive).toEqual(["Authorization"]);
    await endpoint.setHeaders(app, "e", { headers: {} });
    expect(await endpoint.getHeaders(app, "e")).toEqual({ headers: {}, sensitive: [] });
  });

  test("sends an example to one endpoint alone, and counts what was delivered", async () => {
    const { application, endpoint, eventType } = client.calls;
    const app = `${short}-stats`;
    const type = `${short}.example`;
    await application.create({ name: "a", uid: app });
    const [target, other] = [await receiver(), await receiver()];
    await endpoint.create(app, { url: target.url, uid: "e", eventTypes: ["something.else"] });
    await endpoint.create(app, { url: other.url });
    await eventType.create({
      name: type,
      description: "",
      schemas: { 1: { type: "object", examples: [{ hello: "you" }] } },
    });
    const sent = await endpoint.sendExample(app, "e", { eventType: type });
    expectStatus(200);
    expect(sent).toMatchObject({ eventType: type, payload: { hello: "you" } });
    const [request] = await target.received(1);
    expect(request?.headers["webhook-id"]).toBe(sent.id);
    expect(request?.body.toString()).toBe('{"hello":"you"}');
    const stats = await until("it is counted", async () => {
      const now = await endpoint.getStats(app, "e");
      return now.success === 1 && now;
    });
    expect(stats).toEqual({ success: 1, pending: 0, sending: 0, fail: 0, canceled: 0 });
    const before = { since: new Date(0), until: new Date(Date.now() - 3_600_000) };
    expect((await endpoint.getStats(app, "e", before)).success).toBe(0);
    expect(other.requests).toEqual([]);
    expect(await refused(endpoint.sendExample(app, "none", { eventType: type }))).toEqual(
      refusal(404, "endpoint_not_found"),
    );
  });

  test("creates, gets, replaces, changes, archives and expunges event types", async () => {
    const { eventType } = client.calls;
    const name = `${short}.type`;
    const schemas = { 1: { type: "object", properties: { a: { type: "number" } } } };
    const created = await eventType.create({
      name,
      description: "what",
      schemas,
      groupName: "group",
      featureFlags: ["one", "two"],
    });
    expectStatus(201);
    expect(created).toMatchObject({
      name,
      description: "what",
      schemas,
      groupName: "group",
      archived: false,
      deprecated: false,
      featureFlags: ["one", "two"],
    });
    expect(await eventType.get(name)).toEqual(created);
    expect(await refused(eventType.create({ name, description: "" }))).toEqual(
      refusal(409, "event_type_exists"),
    );

    const replaced = await eventType.upsert(name, { description: "new" });
    expectStatus(200);
    expect(replaced).toMatchObject({ name, description: "new", schemas: null, groupName: null });
    const put = await eventType.upsert(`${name}.put`, { description: "put", schemas });
    expectStatus(201);
    expect(await eventType.get(`${name}.put`)).toEqual(put);
    const patched = await eventType.patch(name, { deprecated: true, featureFlags: ["three"] });
    expect(patched).toMatchObject({
      description: "new",
      deprecated: true,
      featureFlags: ["three"],
    });
    expect(await eventType.get(name)).toEqual(patched);

    const find = async (options: { includeArchived?: boolean; withContent?: boolean } = {}) => {
      const { data } = await eventType.list({ limit: 250, ...options });
      return data.find((each) => each.name === `${name}.put`);
    };
    expect(await find()).toMatchObject({ schemas: null });
    expect(await find({ withContent: true })).toMatchObject({ schemas });
    await eventType.delete(`${name}.put`);
    expectStatus(204);
    expect(await find()).toBeUndefined();
    expect(await find({ includeArchived: true })).toMatchObject({ archived: true });
    expect((await eventType.get(`${name}.put`)).archived).toBe(true);
    const again = await eventType.create({ name: `${name}.put`, description: "back" });
    expectStatus(201);
    expect(again.archived).toBe(false);
    expect(await eventType.get(`${name}.put`)).toEqual(again);

    await eventType.delete(name, { expunge: true });
    expectStatus(204);
    expect(await refused(eventType.get(name))).toEqual(refusal(404, "event_type_not_found"));
    expect(await refused(eventType.delete(name))).toEqual(refusal(404, "event_type_not_found"));
  });

  test("imports event types out of an OpenAPI document", async () => {
    const { eventType } = client.calls;
    const name = `${short}.imported`;
    const schema = { type: "object", required: ["a"] };
    const spec = {
      openapi: "3.1.0",
      info: { title: "x", version: "1" },
      webhooks: {
        [name]: {
          post: {
            description: "imported",
            requestBody: { content: { "application/json": { schema } } },
          },
        },
      },
    };
    const dry = await eventType.importOpenapi({ spec, dryRun: true });
    expect(dry.data.toModify).toMatchObject([{ name, description: "imported" }]);
    expect(await refused(eventType.get(name))).toMatchObject({ status: 404 });
    const imported = await eventType.importOpenapi({ specRaw: JSON.stringify(spec) });
    expectStatus(200);
    expect(imported.data.modified).toEqual([name]);
    expect(await eventType.get(name)).toMatchObject({
      description: "imported",
      schemas: { 1: schema },
    });
    expect(await refused(eventType.importOpenapi({}))).toMatchObject({ status: 422 });
  });

  test("publishes, finds, prechecks and expunges messages", async () => {
    const { application, endpoint, message } = client.calls;
    const app = `${short}-messages`;
    const uids = { app, event: "event-1" };
    await application.create({ name: "a", uid: app });
    await endpoint.create(app, { url: works.url, eventTypes: ["a.b"], channels: ["red"] });
    const payload = { x: 1, deep: { y: [1, 2] } };
    const created = await message.create(
      app,
      { eventType: "a.b", eventId: "event-1", payload, channels: ["red", "blue"], tags: ["t1"] },
      { withContent: true },
    );
    expectStatus(202);
    expect(created).toMatchObject({
      eventType: "a.b",
      eventId: "event-1",
      payload,
      channels: ["red", "blue"],
      tags: ["t1"],
    });
    const again = message.create(app, { eventType: "a.b", eventId: "event-1", payload: {} });
    expect(await refused(again)).toEqual(refusal(409, "event_id_taken"));

    expect(await message.get(uids.app, uids.event, { withContent: true })).toEqual(created);
    expect(await message.get(app, created.id, { withContent: true })).toEqual(created);
    expect((await message.get(app, created.id, { withContent: false })).payload).toEqual({});
    const unasked = await message.get(app, created.id);
    expect(unasked.payload).toEqual(asksForContent ? payload : {});
    const bare = await message.create(app, { eventType: "c", payload: {} });
    expect([bare.eventId, bare.channels, bare.tags]).toEqual([null, null, null]);

    const active = async (eventType: string, channels?: string[]) =>
      (await message.precheck(app, channels ? { eventType, channels } : { eventType })).active;
    expect(await active("a.b", ["red"])).toBe(true);
    expect(await active("a.b", ["green"])).toBe(false);
    expect(await active("z")).toBe(false);

    await message.expungeContent(app, "event-1");
    expectStatus(204);
    const expunged = await message.get(app, "event-1", { withContent: true });
    expect(expunged).toEqual({ ...created, payload: { expired: true } });
    expect(await refused(message.get(app, "none"))).toEqual(refusal(404, "message_not_found"));

    // The application comes into being with its first message.
    const made = `${short}-made-by-message`;
    await message.create(made, {
      eventType: "a.b",
      payload: {},
      application: { name: "made", uid: made },
    });
    expectStatus(202);
    expect((await application.get(made)).name).toBe("made");
  });

  test("lists messages by every filter", async () => {
    const { application, message } = client.calls;
    const app = `${short}-filters`;
    await application.create({ name: "a", uid: app });
    const make = async (fields: { eventType: string; channels?: string[]; tags?: string[] }) =>
      (await message.create(app, { payload: { of: fields.eventType }, ...fields })).id;
    const first = await make({ eventType: "a", channels: ["red"], tags: ["t1", "t2"] });
    const second = await make({ eventType: "b", channels: ["red", "blue"], tags: ["t2"] });
    const third = await make({ eventType: "c" });
    const ids = async (options?: Parameters<typeof message.list>[1]) =>
      (await message.list(app, options)).data.map((each) => each.id);
    expect(await ids()).toEqual([third, second, first]);
    expect(await ids({ channel: "red" })).toEqual([second, first]);
    expect(await ids({ channel: "blue" })).toEqual([second]);
    expect(await ids({ channel: "green" })).toEqual([]);
    expect(await ids({ tag: "t2" })).toEqual([second, first]);
    expect(await ids({ tag: "t1" })).toEqual([first]);
    expect(await ids({ eventTypes: ["a", "c"] })).toEqual([third, first]);
    expect(client.last().target).toContain("event_types=a%2Cc");
    expect(await ids({ eventTypes: ["a", "b"], channel: "red", tag: "t1" })).toEqual([first]);
    expect(await ids({ before: later() })).toEqual([third, second, first]);
    expect(await ids({ after: later() })).toEqual([]);
    expect(await ids({ before: new Date(Date.now() - 3_600_000) })).toEqual([]);
    expect(await ids({ after: new Date(Date.now() - 3_600_000) })).toEqual([third, second, first]);
    expect(await ids({ limit: 2 })).toEqual([third, second]);
    const contents = async (withContent?: boolean) => {
      const page = await message.list(app, withContent === undefined ? {} : { withContent });
      return page.data.map((each): unknown => each.payload);
    };
    const all = [{ of: "c" }, { of: "b" }, { of: "a" }];
    expect(await contents(true)).toEqual(all);
    expect(await contents(false)).toEqual([{}, {}, {}]);
    expect(await contents()).toEqual(asksForContent ? all : [{}, {}, {}]);
  });

  test("sees attempts and deliveries by every filter, and resends", async () => {
    const { application, endpoint, message, messageAttempt } = client.calls;
    const app = `${short}-attempts`;
    await application.create({ name: "a", uid: app });
    const fails = await receiver({ answer: { status: 503, body: "not now" } });
    const works = await receiver({ answer: { status: 201, body: "thanks" } });
    const good = await endpoint.create(app, { url: works.url, uid: "good" });
    const bad = await endpoint.create(app, { url: fails.url, uid: "bad" });
    const first = await message.create(app, {
      eventType: "a",
      eventId: "m1",
      payload: { n: 1 },
      channels: ["red"],
      tags: ["t1"],
    });
    const byMessage = async (options?: Parameters<typeof messageAttempt.listByMsg>[2]) =>
      (await messageAttempt.listByMsg(app, "m1", options)).data;
    await until("both were attempted", async () => (await byMessage()).length === 2);
    await until("the failure is told", async () => {
      const page = await messageAttempt.listAttemptedDestinations(app, "m1");
      return page.data.every((each) => each.status === MessageStatus.Success || each.nextAttempt);
    });
    expect(client.last().target).not.toContain("?");

    const content = { withContent: true };
    const [won] = await byMessage({ endpointId: "good", ...content });
    expect(won).toMatchObject({
      msgId: first.id,
      endpointId: good.id,
      url: works.url,
      response: "thanks",
      responseStatusCode: 201,
      status: MessageStatus.Success,
      statusText: "success",
      triggerType: MessageAttemptTriggerType.Scheduled,
    });
    expect(client.last().target).toContain("expanded_statuses=true");
    const [lost] = await byMessage({ endpointId: bad.id, ...content });
    expect(lost).toMatchObject({
      response: "not now",
      responseStatusCode: 503,
      status: MessageStatus.Fail,
      statusText: "fail",
    });
    const [unasked] = await byMessage({ endpointId: "good" });
    expect(unasked?.response).toBe(asksForContent ? "thanks" : "");
    if (won === undefined || lost === undefined) throw new Error("expected both");

    const filters = [
      [{ status: MessageStatus.Success }, [won.id]],
      [{ status: MessageStatus.Fail }, [lost.id]],
      [{ status: MessageStatus.Pending }, []],
      [{ statusCodeClass: StatusCodeClass.Code2xx }, [won.id]],
      [{ statusCodeClass: StatusCodeClass.Code5xx }, [lost.id]],
      [{ statusCodeClass: StatusCodeClass.Code4xx }, []],
      [{ statusCodeClass: StatusCodeClass.CodeNone }, []],
      [{ channel: "red", tag: "t1", eventTypes: ["a", "b"] }, [won.id, lost.id]],
      [{ channel: "blue" }, []],
      [{ tag: "t2" }, []],
      [{ eventTypes: ["b"] }, []],
      [{ before: later() }, [won.id, lost.id]],
      [{ after: later() }, []],
    ] as const;
    for (const [filter, expected] of filters) {
      const { eventTypes, ...rest } = { eventTypes: undefined, ...filter };
      const options = {
        ...rest,
        ...(eventTypes === undefined ? {} : { eventTypes: [...eventTypes] }),
      };
      const found = (await byMessage(options)).map((each) => each.id);
      expect([filter, found.toSorted()]).toEqual([filter, [...expected].toSorted()]);
      const byEndpoint = await messageAttempt.listByEndpoint(app, "good", options);
      expect([filter, byEndpoint.data.map((each) => each.id)]).toEqual([
        filter,
        expected.filter((each) => each === won.id),
      ]);
    }
    const withMsg = await messageAttempt.listByEndpoint(app, "good", { withMsg: true, ...content });
    expect(withMsg.data[0]?.msg).toMatchObject({ id: first.id, payload: { n: 1 } });

    const messages = async (options?: Parameters<typeof messageAttempt.listAttemptedMessages>[2]) =>
      (await messageAttempt.listAttemptedMessages(app, "good", options)).data;
    const [ofGood] = await messages(content);
    expect(ofGood).toMatchObject({ id: first.id, status: 0, statusText: "success" });
    expect([ofGood?.payload, ofGood?.nextAttempt]).toEqual([{ n: 1 }, null]);
    expect((await messages({ status: MessageStatus.Success }))[0]?.id).toBe(first.id);
    expect(await messages({ status: MessageStatus.Fail })).toEqual([]);
    expect((await messages({ channel: "red", tag: "t1", eventTypes: ["a"] }))[0]?.id).toBe(
      first.id,
    );
    expect(await messages({ channel: "blue" })).toEqual([]);
    expect(await messages({ tag: "t2" })).toEqual([]);
    expect(await messages({ eventTypes: ["b"] })).toEqual([]);
    expect(await messages({ after: later() })).toEqual([]);
    expect(await messages({ before: later() })).toHaveLength(1);
    const [ofBad] = (await messageAttempt.listAttemptedMessages(app, "bad")).data;
    expect(ofBad).toMatchObject({ status: MessageStatus.Pending, statusText: "pending" });
    expect(ofBad?.nextAttempt?.getTime()).toBeGreaterThan(Date.now() + 1_800_000);

    const { data: destinations } = await messageAttempt.listAttemptedDestinations(app, first.id);
    expect(destinations.map(({ id, uid, url, status }) => [id, uid, url, status])).toEqual([
      [good.id, "good", works.url, MessageStatus.Success],
      [bad.id, "bad", fails.url, MessageStatus.Pending],
    ]);

    const got = await messageAttempt.get(app, "m1", won.id);
    expect({ ...got, msg: null }).toEqual({ ...won, msg: null });
    await messageAttempt.expungeContent(app, "m1", won.id);
    expectStatus(204);
    expect((await messageAttempt.get(app, "m1", won.id)).response).not.toContain("thanks");
    const unknown = messageAttempt.get(app, "m1", `${won.id.slice(0, -4)}0000`);
    expect(await refused(unknown)).toEqual(refusal(404, "attempt_not_found"));

    expect(await messageAttempt.resend(app, "m1", "good")).toEqual({});
    expectStatus(202);
    const [, second] = await works.received(2);
    expect(second?.headers["webhook-id"]).toBe(first.id);
    const repeated = await until("the second attempt is there", async () => {
      const { data } = await messageAttempt.listByEndpoint(app, "good");
      return data.length === 2 && data[0];
    });
    expect(repeated.triggerType).toBe(MessageAttemptTriggerType.Manual);
    await messageAttempt.resend(app, first.id, bad.id);
    expect(await fails.received(2)).toHaveLength(2);
  });

  test("is told that the server is well", async () => {
    await client.calls.health.get();
    expectStatus(200);
  });

  test("was answered as the contract says by every call that there is", () => {
    const asked = new Set(client.answers.map(({ route }) => route));
    expect(contractRoutes.filter((route) => !asked.has(route))).toEqual([]);
    expect(client.answers.length).toBeGreaterThan(100);
  });
});
