import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MessageStatus } from "svix";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import type { Answer } from "../kit/receiver.ts";
import { type Api, connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";
import { type CheckedClient, svixVersions } from "./kit/svix-clients.ts";

// Two attempts: what failed once waits for an hour.
const env = { POSTHORN_RETRY_SCHEDULE: "0,3600" };

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

/** A receiver that says when each request came. */
async function clocked(answer: Answer = {}) {
  const times: number[] = [];
  const target = await receiver({
    answer: () => {
      times.push(Date.now());
      return answer;
    },
  });
  return { target, times };
}

/** What is accepted is done: no field of the contract is taken and dropped. */
describe.each(svixVersions)("a message sent by svix $name", ({ connect, short }) => {
  let client: CheckedClient;
  beforeAll(() => {
    client = connect(server);
  });

  test("with deliverAt is held until then, and delivered then", async () => {
    const { endpoint, message, messageAttempt } = client.calls;
    const { target, times } = await clocked();
    const app = await api.application();
    await endpoint.create(app, { url: target.url, uid: "e" });
    const deliverAt = new Date(Date.now() + 2500);
    const { id } = await message.create(app, { eventType: "a", payload: { n: 1 }, deliverAt });
    // One without it overtakes it.
    const prompt = await message.create(app, { eventType: "a", payload: { n: 2 } });
    expect((await target.received(1))[0]?.headers["webhook-id"]).toBe(prompt.id);
    const shown = await api.delivery(app, id);
    expect(shown).toMatchObject({ state: "scheduled", reason: "deliver-at", attempts: 0 });
    expect(shown.nextAttempt).toBe(deliverAt.toISOString());
    const [destination] = (await messageAttempt.listAttemptedDestinations(app, id)).data;
    expect(destination?.status).toBe(MessageStatus.Pending);
    expect(destination?.nextAttempt).toEqual(deliverAt);
    expect(JSON.parse((await api.ask("GET", `/app/${app}/msg/${id}`)).text)).toMatchObject({
      deliverAt: deliverAt.toISOString(),
    });
    await api.reaches(app, prompt.id, "delivered");
    expect((await endpoint.getStats(app, "e")).pending).toBe(1);

    const [, late] = await target.received(2);
    expect(late?.headers["webhook-id"]).toBe(id);
    expect(times[1]).toBeGreaterThanOrEqual(deliverAt.getTime());
    await api.reaches(app, id, "delivered");
    expect(await api.attempts(app, id)).toMatchObject([{ number: 1, trigger: "schedule" }]);
  });

  test("with deliverAt in the past is delivered at once", async () => {
    const { target } = await clocked();
    const app = await api.application();
    await api.endpoint(app, { url: target.url });
    const deliverAt = new Date(Date.now() - 60_000);
    await client.calls.message.create(app, { eventType: "a", payload: {}, deliverAt });
    expect(await target.received(1)).toHaveLength(1);
  });

  test("with deliverAt can be sent before by a resend", async () => {
    const { message, messageAttempt } = client.calls;
    const { target } = await clocked();
    const app = await api.application();
    await api.endpoint(app, { url: target.url, uid: "e" });
    const deliverAt = new Date(Date.now() + 3_600_000);
    const { id } = await message.create(app, { eventType: "a", payload: {}, deliverAt });
    await messageAttempt.resend(app, id, "e");
    await target.received(1);
    const { attempts } = await api.reaches(app, id, "delivered");
    expect(attempts).toBe(1);
  });

  test("comes with the headers of its endpoint, those given at its creation and later", async () => {
    const { endpoint, message, messageAttempt } = client.calls;
    const { target } = await clocked();
    const app = await api.application();
    const headers = { "X-Team": "blue", Authorization: "Bearer receiver's" };
    await endpoint.create(app, { url: target.url, uid: "e", headers });
    const { id } = await message.create(app, { eventType: "a", payload: {} });
    const [first] = await target.received(1);
    expect(first?.headers).toMatchObject({
      "x-team": "blue",
      authorization: "Bearer receiver's",
      "content-type": "application/json",
      "webhook-id": id,
    });
    await endpoint.patchHeaders(app, "e", {
      headers: { "x-more": "1" },
      deleteHeaders: ["X-Team"],
    });
    await message.create(app, { eventType: "a", payload: {} });
    const [, second] = await target.received(2);
    expect(second?.headers).toMatchObject({ "x-more": "1", authorization: "Bearer receiver's" });
    expect(second?.headers).not.toHaveProperty("x-team");

    // What is secret by its name is sent, and shown nowhere.
    await api.reaches(app, id, "delivered");
    await messageAttempt.listByMsg(app, id, { withContent: true });
    expect(client.last().text).toContain('"x-team":"blue"');
    await endpoint.getHeaders(app, "e");
    for (const { text } of client.answers) expect(text).not.toContain("receiver's");
  });

  test("goes to the endpoints of its channels and of its event type", async () => {
    const { endpoint, message, messageAttempt } = client.calls;
    const { target } = await clocked();
    const app = await api.application();
    const url = target.url;
    await endpoint.create(app, { url, uid: "all" });
    await endpoint.create(app, { url, uid: "red", channels: ["red"] });
    await endpoint.create(app, { url, uid: "red-or-blue", channels: ["red", "blue"] });
    await endpoint.create(app, { url, uid: "only-b", eventTypes: ["b"] });
    await endpoint.create(app, { url, uid: "off", disabled: true });
    const went = async (fields: { eventType: string; channels?: string[] }) => {
      const { id } = await message.create(app, { payload: {}, ...fields });
      const { data } = await messageAttempt.listAttemptedDestinations(app, id);
      return data.map(({ uid }) => uid);
    };
    expect(await went({ eventType: "a" })).toEqual(["all"]);
    expect(await went({ eventType: "a", channels: ["blue"] })).toEqual(["all", "red-or-blue"]);
    expect(await went({ eventType: "b", channels: ["red", "green"] })).toEqual([
      "all",
      "red",
      "red-or-blue",
      "only-b",
    ]);
    expect(await went({ eventType: "b" })).toEqual(["all", "only-b"]);
  });

  test("is found by its tags, and so are its attempts", async () => {
    const { message, messageAttempt } = client.calls;
    const { target } = await clocked();
    const app = await api.application();
    await api.endpoint(app, { url: target.url, uid: "e" });
    const tagged = await message.create(app, { eventType: "a", payload: {}, tags: ["x", "y/z"] });
    await message.create(app, { eventType: "a", payload: {}, tags: ["x"] });
    await message.create(app, { eventType: "a", payload: {} });
    await target.received(3);
    await api.reaches(app, tagged.id, "delivered");
    expect(tagged.tags).toEqual(["x", "y/z"]);
    const ids = [tagged.id];
    const tag = "y/z";
    const messages = await message.list(app, { tag });
    const attempted = await messageAttempt.listAttemptedMessages(app, "e", { tag });
    const attempts = await messageAttempt.listByEndpoint(app, "e", { tag });
    expect(messages.data.map(({ id }) => id)).toEqual(ids);
    expect(attempted.data.map(({ id }) => id)).toEqual(ids);
    expect(attempts.data.map(({ msgId }) => msgId)).toEqual(ids);
  });

  test("to a throttled endpoint waits its turn, and is listed as pending with its time", async () => {
    const { endpoint, message, messageAttempt } = client.calls;
    const { target, times } = await clocked();
    const app = await api.application();
    const made = await endpoint.create(app, { url: target.url, uid: "e", throttleRate: 1 });
    expect(made.throttleRate).toBe(1);
    expect((await endpoint.list(app)).data[0]?.throttleRate).toBe(1);
    const ids: string[] = [];
    // So many that the last one waits for seconds: a slow machine is to see it wait.
    for (const n of [1, 2, 3, 4, 5]) {
      ids.push((await message.create(app, { eventType: `${short}.t`, payload: { n } })).id);
    }
    const last = ids.at(-1) ?? "";
    const waiting = await api.reaches(app, last, "rate-limited");
    expect(waiting).toMatchObject({ state: "scheduled", statusText: "pending" });
    const pending = await messageAttempt.listAttemptedMessages(app, "e", {
      status: MessageStatus.Pending,
    });
    expect(pending.data.map(({ id }) => id)).toContain(last);
    await target.received(5);
    for (const [index, time] of times.slice(1).entries()) {
      // Never two in any second; what the machine needs to hand them over may eat a little of it.
      expect(time - (times[index] ?? 0)).toBeGreaterThan(900);
    }
  });
});

describe("what is Posthorn's own", () => {
  test("expiresAt discards what could not be delivered by then", async () => {
    const { target } = await clocked({ status: 503 });
    const app = await api.application();
    await api.endpoint(app, { url: target.url, uid: "e" });
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const failing = await api.publish(app, { expiresAt });
    expect((await api.ask("GET", `/app/${app}/msg/${failing}`)).body).toMatchObject({ expiresAt });
    await target.received(1);
    const expired = await api.reaches(app, failing, "expired");
    expect(expired).toMatchObject({
      state: "discarded",
      statusText: "canceled",
      nextAttempt: null,
    });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(target.requests).toHaveLength(1);
    expect((await api.ask("GET", `/app/${app}/endpoint/e/stats`)).body).toMatchObject({
      canceled: 1,
      pending: 0,
    });
  });

  test("expiresAt discards what is held, too, and nothing that went before", async () => {
    const { target } = await clocked();
    const app = await api.application();
    await api.endpoint(app, { url: target.url, uid: "e" });
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const prompt = await api.publish(app, { expiresAt });
    await api.reaches(app, prompt, "delivered");
    await api.done("POST", `/app/${app}/endpoint/e/pause`);
    const held = await api.publish(app, { expiresAt: new Date(Date.now() + 1000).toISOString() });
    expect((await api.delivery(app, held)).state).toBe("held");
    await api.reaches(app, held, "expired");
    await api.done("POST", `/app/${app}/endpoint/e/resume`);
    await api.reaches(app, await api.publish(app), "delivered");
    expect(target.requests).toHaveLength(2);
    expect((await api.delivery(app, prompt)).reason).toBe("delivered");
  });

  test("a filter chooses by the payload", async () => {
    const { target } = await clocked();
    const app = await api.application();
    const filter = 'amount >= 1000 and customer.plan in ["pro", "team"]';
    const endpoint = await api.endpoint(app, { url: target.url, filter });
    const customer = { plan: "pro" };
    const small = await api.publish(app, { payload: { amount: 10, customer } });
    const large = await api.publish(app, { payload: { amount: 1000, customer } });
    const [request] = await target.received(1);
    expect(request?.headers["webhook-id"]).toBe(large);
    expect(await api.deliveries(app, small)).toEqual([]);
    const routing = await api.ask("GET", `/app/${app}/msg/${small}/routing`);
    expect(routing.body).toMatchObject({
      data: [{ endpointId: endpoint, matched: false, verdict: "filter-not-matched" }],
    });
    const wrong = { url: target.url, filter: "amount >" };
    const refused = await api.ask("POST", `/app/${app}/endpoint`, { body: wrong });
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { detail: [{ loc: ["body", "filter"] }] },
    ]);
  });

  test("a schema that is enforced refuses what does not keep it, from one message to the next", async () => {
    const app = await api.application();
    const name = "enforced.type";
    const schema = {
      type: "object",
      required: ["id"],
      properties: { id: { type: "string" }, "a/b": { type: "integer" } },
    };
    const type = { name, description: "", schemas: { 1: schema } };
    await api.done("POST", "/event-type", { body: type });
    const publish = (payload: object) =>
      api.ask("POST", `/app/${app}/msg`, { body: { eventType: name, payload } });
    // Described alone, as in the contract: nothing is refused.
    expect((await publish({})).status).toBe(202);
    const patch = (body: object) => api.done("PATCH", `/event-type/${name}`, { body });
    await patch({ enforceSchema: true });
    expect((await publish({ id: "1" })).status).toBe(202);
    const missing = await publish({});
    expect([missing.status, missing.body]).toMatchObject([422, { code: "schema_violation" }]);
    const wrong = await publish({ id: 1, "a/b": "x" });
    expect(wrong.body).toMatchObject({
      code: "schema_violation",
      detail: [{ loc: ["body", "payload", "id"] }, { loc: ["body", "payload", "a/b"] }],
    });
    await patch({ schemas: { 1: schema, 2: { type: "object", required: ["other"] } } });
    expect((await publish({ id: "1" })).status).toBe(422);
    expect((await publish({ other: 1 })).status).toBe(202);
    await patch({ enforceSchema: false });
    expect((await publish({})).status).toBe(202);
    const listed = await api.ask("GET", `/app/${app}/msg`);
    expect(listed.body).toMatchObject({ data: [{}, {}, {}, {}], done: true });
  });
});
