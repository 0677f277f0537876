import { createHmac, randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { verify as verifyGithub } from "@octokit/webhooks-methods";
import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";
import { githubRequest, makeSource, requestsOf, retryVerification, secret } from "./kit/sources.ts";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

/** Bytes that no parser makes again: key order, spaces, a big integer, an escape, a line break at the end. */
const push =
  '{ "ref":"refs/heads/main", "id": 12345678901234567890,\n "name":"Bj\\u00f6rk \u{1F426}" }\r\n';

async function start(env: Readonly<Record<string, string>> = {}) {
  const server = await startPosthorn({ dataDir: newDataDir(), env });
  const api = connect(server);
  return { server, api, app: await api.application() };
}

test("a GitHub push goes through byte for byte, and its receiver verifies GitHub's signature", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url, eventTypes: ["push"] });
  const source = await makeSource(api, app);
  const sent = githubRequest(push);
  const answer = await fetch(source.url, sent);
  expect(answer.status).toBe(200);

  const [got] = await to.received(1);
  expect(got?.body.equals(sent.body)).toBe(true);
  expect(await verifyGithub(secret, push, got?.headers["x-hub-signature-256"] ?? "")).toBe(true);
  expect(got?.headers).toMatchObject({
    "x-github-event": "push",
    "x-github-delivery": sent.headers["x-github-delivery"],
    "user-agent": "GitHub-Hookshot/044aadd",
    "content-type": "application/json",
    "posthorn-source": source.id,
  });
  const [row] = await requestsOf(api, source.id);
  expect(row).toMatchObject({
    outcome: "accepted",
    reason: "event-received",
    eventId: sent.headers["x-github-delivery"],
    eventType: "push",
    msgId: got?.headers["posthorn-id"],
  });
  expect(answer.headers.get("posthorn-request")).toBe(row?.id);
  const message = await api.done("GET", `/app/${app}/msg/${row?.msgId}`);
  expect(message).toMatchObject({ eventType: "push", payload: { ref: "refs/heads/main" } });
});

test("a Stripe event goes through, and Stripe's own library verifies it at the receiver", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url });
  const key = "whsec_test_secret";
  const source = await makeSource(api, app, { scheme: "stripe", secret: key });
  const stripe = new Stripe("sk_test_unused");
  const payload = '{"id":"evt_1","object":"event","type":"invoice.paid","data":{"object":{}}}';
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: key });
  const answer = await fetch(source.url, {
    method: "POST",
    headers: { "stripe-signature": header },
    body: payload,
  });
  expect(answer.status).toBe(200);
  const [got] = await to.received(1);
  const signature = got?.headers["stripe-signature"] ?? "";
  const event = stripe.webhooks.constructEvent(got?.body ?? "", signature, key);
  expect(event.id).toBe("evt_1");
  expect(await requestsOf(api, source.id)).toMatchObject([
    { eventId: "evt_1", eventType: "invoice.paid" },
  ]);
});

test("an event that comes again makes no second message, and its row says of which it is", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url });
  const source = await makeSource(api, app);
  const sent = githubRequest(push);
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(source.url, sent)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await fetch(source.url, githubRequest(push));
  await to.received(2);
  const rows = await requestsOf(api, source.id, "?limit=250");
  const first = rows.find(
    ({ outcome, eventId }) =>
      outcome === "accepted" && eventId === sent.headers["x-github-delivery"],
  );
  const duplicates = rows.filter(({ outcome }) => outcome === "duplicate");
  expect(duplicates).toHaveLength(19);
  expect(new Set(duplicates.map(({ duplicateOf }) => duplicateOf))).toEqual(new Set([first?.id]));
  expect(new Set(duplicates.map(({ msgId }) => msgId))).toEqual(new Set([first?.msgId]));
  expect(await requestsOf(api, source.id, "?outcome=duplicate&limit=5")).toHaveLength(5);
  expect(to.requests).toHaveLength(2);
});

test("what was rejected for a wrong secret is accepted once the secret is mended", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url });
  const source = await makeSource(api, app, { secret: `${secret}x` });
  const sent = githubRequest(push);
  const answer = await fetch(source.url, sent);
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toContain("signature");
  const [row] = await requestsOf(api, source.id, "?outcome=rejected");
  expect(row).toMatchObject({ reason: "signature-mismatch", msgId: null, responseStatusCode: 401 });
  expect(row?.headers).toMatchObject({
    "x-hub-signature-256": "[secret]",
    "x-github-event": "push",
  });
  expect(row?.keptUntil).not.toBeNull();

  const still = await retryVerification(api, source.id, row?.id ?? "");
  expect(still).toMatchObject({ id: row?.id, outcome: "rejected", reason: "signature-mismatch" });
  await api.done("POST", `/source/${source.id}/secret/rotate`, { body: { key: secret } });
  const accepted = await retryVerification(api, source.id, row?.id ?? "");
  expect(accepted).toMatchObject({
    id: row?.id,
    outcome: "accepted",
    reason: "event-received-later",
  });
  const [got] = await to.received(1);
  expect(got?.body.equals(sent.body)).toBe(true);
  expect(got?.headers["x-hub-signature-256"]).toBe(sent.headers["x-hub-signature-256"]);
  // The provider sends it again by hand: it is the same event.
  expect((await fetch(source.url, sent)).status).toBe(200);
  expect(await requestsOf(api, source.id)).toMatchObject([
    { outcome: "duplicate", duplicateOf: row?.id },
    {},
  ]);
});

test("a rotated secret fits until its grace period ends, a rotated URL too", async () => {
  const { api, app } = await start();
  const source = await makeSource(api, app);
  const rotate = (what: string, body: object) =>
    api.done("POST", `/source/${source.id}/${what}/rotate`, { body });
  await rotate("secret", { key: "the second" });
  expect((await fetch(source.url, githubRequest(push))).status).toBe(200);
  expect((await fetch(source.url, githubRequest(push, { secret: "the second" }))).status).toBe(200);
  await rotate("secret", { key: "the third", gracePeriodSeconds: 0 });
  expect((await fetch(source.url, githubRequest(push))).status).toBe(401);
  const third = () => githubRequest(push, { secret: "the third" });
  const shown = z.object({ url: z.string() });
  const second = shown.parse(await rotate("token", {}));
  expect((await fetch(source.url, third())).status).toBe(200);
  expect((await fetch(second.url, third())).status).toBe(200);
  const last = shown.parse(await rotate("token", { gracePeriodSeconds: 0 }));
  expect((await fetch(second.url, third())).status).toBe(404);
  expect((await fetch(last.url, third())).status).toBe(200);
});

test("a paused source asks the provider to come again, and what came can be accepted later", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url });
  const source = await makeSource(api, app);
  await api.done("POST", `/source/${source.id}/pause`);
  const answer = await fetch(source.url, githubRequest(push));
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  await api.done("POST", `/source/${source.id}/resume`);
  const [row] = await requestsOf(api, source.id);
  expect(row?.reason).toBe("source-paused");
  expect((await retryVerification(api, source.id, row?.id ?? "")).outcome).toBe("accepted");
  await to.received(1);
});

test("Slack's question is answered when it is signed, and leaves a row", async () => {
  const { api, app } = await start();
  const source = await makeSource(api, app, { scheme: "slack" });
  const body = JSON.stringify({ type: "url_verification", challenge: "c0ffee", token: "t" });
  const signed = slackRequest(body);
  const answer = await fetch(source.url, signed);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("c0ffee");
  const wrong = await fetch(source.url, { ...signed, body: body.replace("c0ffee", "coffee") });
  expect(wrong.status).toBe(401);
  expect(await requestsOf(api, source.id)).toMatchObject([
    { outcome: "rejected", reason: "signature-mismatch" },
    { outcome: "handshake", reason: "handshake-answered", msgId: null },
  ]);
});

test("bodies that are no JSON object, and types that are no names, are kept as they came", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url, eventTypes: ["push-hook"] });
  const source = await makeSource(api, app);
  const bodies = [
    { bytes: Buffer.from("a=1&b=%20"), type: "application/x-www-form-urlencoded" },
    { bytes: Buffer.from([0xff, 0x00, 0xfe]), type: "application/octet-stream" },
    { bytes: Buffer.from("[1, 2]"), type: "application/json" },
    { bytes: Buffer.alloc(0), type: "text/plain" },
  ];
  for (const { bytes, type } of bodies) {
    const headers = { "content-type": type };
    const sent = githubRequest(bytes, { event: "Push Hook", headers });
    expect((await fetch(source.url, sent)).status).toBe(200);
  }
  const got = await to.received(bodies.length);
  const sentBodies = bodies.map(({ bytes }) => bytes.toString("hex")).toSorted();
  expect(got.map(({ body }) => body.toString("hex")).toSorted()).toEqual(sentBodies);
  expect(new Set(got.map(({ headers }) => headers["x-github-event"]))).toEqual(
    new Set(["Push Hook"]),
  );
  const rows = (await requestsOf(api, source.id)).toReversed();
  const payloads = await Promise.all(
    rows.map(async ({ msgId }) => {
      const shown = z.object({ eventType: z.literal("push-hook"), payload: z.unknown() });
      return shown.parse(await api.done("GET", `/app/${app}/msg/${msgId}`)).payload;
    }),
  );
  expect(payloads).toEqual([
    { contentType: bodies[0]?.type, encoding: "utf-8", body: "a=1&b=%20" },
    { contentType: bodies[1]?.type, encoding: "base64", body: "/wD+" },
    { contentType: bodies[2]?.type, encoding: "utf-8", body: "[1, 2]" },
    { contentType: bodies[3]?.type, encoding: "utf-8", body: "" },
  ]);
});

test("a compressed body is verified and goes on as it was sent, and is filtered by what it says", async () => {
  const { api, app } = await start();
  const to = await receiver();
  await api.endpoint(app, { url: to.url, filter: 'ref = "refs/heads/main"' });
  await api.endpoint(app, { url: `${to.url}/never`, filter: 'ref = "other"' });
  const source = await makeSource(api, app);
  const headers = { "content-encoding": "gzip" };
  const sent = githubRequest(gzipSync(push), { headers });
  expect((await fetch(source.url, sent)).status).toBe(200);
  const [got] = await to.received(1);
  expect(got?.target).toBe("/");
  expect(got?.body.equals(sent.body)).toBe(true);
  expect(got?.headers["content-encoding"]).toBe("gzip");
  const bomb = githubRequest(gzipSync(Buffer.alloc(64 * 2 ** 20)), { headers });
  expect((await fetch(source.url, bomb)).status).toBe(400);
  const broken = githubRequest(push, { headers });
  expect((await fetch(source.url, broken)).status).toBe(400);
  const rows = await requestsOf(api, source.id);
  expect(rows.map(({ reason }) => reason)).toEqual([
    "body-unreadable",
    "body-unreadable",
    "event-received",
  ]);
});

test("resign signs anew in the provider's scheme at each attempt", async () => {
  const { api, app } = await start({ POSTHORN_RETRY_SCHEDULE: "0,2.2" });
  const to = await receiver({ answer: () => ({ status: to.requests.length < 2 ? 500 : 200 }) });
  await api.endpoint(app, { url: to.url });
  const key = "whsec_test_secret";
  const fields = { scheme: "stripe", secret: key, forwarding: "resign" };
  const source = await makeSource(api, app, fields);
  const stripe = new Stripe("sk_test_unused");
  const payload = '{"id":"evt_2","object":"event","type":"invoice.paid"}';
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: key });
  await fetch(source.url, {
    method: "POST",
    headers: { "stripe-signature": header },
    body: payload,
  });
  const got = await to.received(2);
  const signatures = got.map(({ headers }) => headers["stripe-signature"] ?? "");
  expect(new Set(signatures).size).toBe(2);
  for (const [index, signature] of signatures.entries()) {
    expect(stripe.webhooks.constructEvent(got[index]?.body ?? "", signature, key).id).toBe("evt_2");
  }
});

test("a flood of rejected requests is bounded and counted", async () => {
  const { api, app } = await start();
  const source = await makeSource(api, app);
  const count = 400;
  for (let done = 0; done < count; done += 40) {
    const some = Array.from({ length: 40 }, () =>
      fetch(source.url, githubRequest(push, { secret: "wrong" })),
    );
    for (const { status } of await Promise.all(some)) expect(status).toBe(401);
  }
  const all = await until("every request is counted", async () => {
    const rows = await requestsOf(api, source.id, "?limit=250");
    const counted = rows.reduce((sum, { repeats }) => sum + 1 + repeats, 0);
    return counted === count && rows;
  });
  expect(all.length).toBeLessThan(250);
});

test("a source takes so many requests a second, and says when to come again", async () => {
  const { api, app } = await start();
  const source = await makeSource(api, app, { throttleRate: 3 });
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => fetch(source.url, githubRequest(push))),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(6);
  expect(refused.length).toBeGreaterThanOrEqual(6);
  expect(refused[0]?.headers.get("retry-after")).toBe("1");
});

test("the URL ends with its source and with its application", async () => {
  const { api, app } = await start();
  const [one, two] = [await makeSource(api, app), await makeSource(api, app)];
  const first = () => fetch(one.url, githubRequest(push));
  expect((await first()).status).toBe(200);
  await api.done("DELETE", `/source/${one.id}`);
  expect((await first()).status).toBe(404);
  await api.done("DELETE", `/app/${app}`);
  expect((await fetch(two.url, githubRequest(push))).status).toBe(404);
  expect((await api.ask("GET", `/source/${two.id}`)).status).toBe(404);
});

test("secrets and tokens lie encrypted in the data folder and in no log", async () => {
  const { api, app, server } = await start();
  const key = `a-secret-${randomUUID()}`;
  const source = await makeSource(api, app, { secret: key });
  await fetch(source.url, githubRequest(push, { secret: "other" }));
  await fetch(source.url, githubRequest(push, { secret: key }));
  const token = source.url.split("/").at(-1) ?? "";
  expect(await server.stop()).toBe(0);
  expect(server.output()).not.toContain(token);
  expect(server.output()).not.toContain(key);
  for (const name of readdirSync(server.dataDir)) {
    const bytes = readFileSync(`${server.dataDir}/${name}`);
    expect([name, bytes.includes(key), bytes.includes(token)]).toEqual([name, false, false]);
  }
});

function slackRequest(body: string) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": `v0=${signature}`,
    },
    body,
  };
}
