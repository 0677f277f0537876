import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DeliveryReason, deliveryStates, reasons } from "../../src/domain/reasons.ts";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { hang, reset } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { type Api, type ShownDelivery, connect } from "./kit/connect.ts";
import { hasEnded } from "./kit/ledger.ts";
import { closeReceivers, receiver, urlOfNobody } from "./kit/receivers.ts";

// Two attempts: what failed once waits for an hour, and a resend makes the last attempt at once.
const env = { POSTHORN_RETRY_SCHEDULE: "0,3600" };

let server: PosthornProcess;
let strict: PosthornProcess;
let api: Api;
const seen = new Set<string>();

beforeAll(async () => {
  [server, strict] = await Promise.all([
    startPosthorn({ dataDir: newDataDir(), env }),
    startPosthorn({ dataDir: newDataDir(), dev: false, env }),
  ]);
  api = connect(server);
});

afterAll(async () => {
  await endAll();
  await closeReceivers();
});

interface Published {
  readonly app: string;
  readonly endpoint: string;
  readonly message: string;
}

/** A message to one endpoint of an application of its own. */
async function publishTo(
  url: string,
  fields: { readonly message?: object; readonly endpoint?: object } = {},
): Promise<Published> {
  const app = await api.application();
  const endpoint = await api.endpoint(app, { url, ...fields.endpoint });
  const message = await api.publish(app, fields.message);
  return { app, endpoint, message };
}

/** Waits until the delivery is there for this reason, and checks all that is said of it. */
async function sees(
  reason: DeliveryReason,
  { app, message }: Pick<Published, "app" | "message">,
  at: Api = api,
): Promise<ShownDelivery> {
  const shown = await at.reaches(app, message, reason);
  const entry = reasons[reason];
  expect(shown.state).toBe(entry.state);
  expect(shown.reasonText).toBe(entry.sentence);
  expect(shown.options.map(({ code }) => code)).toEqual(entry.options);
  seen.add(shown.reason);
  return shown;
}

function resend({ app, endpoint, message }: Published): Promise<unknown> {
  return api.done("POST", `/app/${app}/msg/${message}/endpoint/${endpoint}/resend`);
}

function change({ app, endpoint }: Published, fields: object): Promise<unknown> {
  return api.done("PATCH", `/app/${app}/endpoint/${endpoint}`, { body: fields });
}

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

describe("scheduled", () => {
  test("queued at first, and sending when the answer takes long", async () => {
    const slow = await receiver({ answer: hang });
    // What is under way for less than a second is not written down yet; a look may come too late.
    const { published, shown } = await until("a message is seen queued", async () => {
      const published = await publishTo(slow.url);
      const shown = await api.delivery(published.app, published.message);
      return shown.reason === "queued" && { published, shown };
    });
    expect(shown).toMatchObject({ state: "scheduled", statusText: "pending", attempts: 0 });
    seen.add(shown.reason);
    expect(await sees("sending", published)).toMatchObject({
      statusText: "sending",
      nextAttempt: null,
      attempts: 0,
    });
  });

  test("concurrency-limited behind requests that hang", async () => {
    const slow = await receiver({ answer: hang });
    const { app } = await publishTo(slow.url);
    for (let i = 0; i < 20; i += 1) await api.publish(app);
    await sees("concurrency-limited", { app, message: await api.publish(app) });
    expect(slow.open).toBeLessThan(22);
  });

  test("rate-limited by the endpoint's rate, until it is raised", async () => {
    const fast = await receiver();
    const published = await publishTo(fast.url, { endpoint: { throttleRate: 1 } });
    const { app } = published;
    for (let i = 0; i < 60; i += 1) await api.publish(app);
    const message = await api.publish(app);
    await sees("rate-limited", { app, message });
    expect(fast.requests.length).toBeLessThan(62);
    await change(published, { throttleRate: null });
    await sees("delivered", { app, message });
  });

  test("application-rate-limited by the application's rate, until it is raised", async () => {
    const fast = await receiver();
    const app = await api.application({ throttleRate: 1 });
    await api.endpoint(app, { url: fast.url });
    for (let i = 0; i < 60; i += 1) await api.publish(app);
    const message = await api.publish(app);
    await sees("application-rate-limited", { app, message });
    expect(fast.requests.length).toBeLessThan(61);
    await api.done("PATCH", `/app/${app}`, { body: { throttleRate: null } });
    await sees("delivered", { app, message });
  });

  test("deliver-at, until then or until a person wants it now", async () => {
    const fast = await receiver();
    const published = await publishTo(fast.url, { message: { deliverAt: inMs(3_600_000) } });
    const { nextAttempt } = await sees("deliver-at", published);
    expect(Date.parse(nextAttempt ?? "")).toBeGreaterThan(Date.now() + 3_000_000);
    expect(fast.requests).toHaveLength(0);
    await resend(published);
    await sees("delivered", published);
    expect(await api.attempts(published.app, published.message)).toMatchObject([
      { number: 1, trigger: "manual", outcome: "delivered", responseStatusCode: 200 },
    ]);
  });

  test("retry-schedule after a failure, and attempts-exhausted after the last", async () => {
    const broken = await receiver({ answer: { status: 500, body: "no" } });
    const published = await publishTo(broken.url);
    const waiting = await sees("retry-schedule", published);
    expect(waiting).toMatchObject({ statusText: "pending", attempts: 1 });
    // An hour, less the jitter.
    expect(Date.parse(waiting.nextAttempt ?? "")).toBeGreaterThan(Date.now() + 3_000_000);
    await resend(published);
    const failed = await sees("attempts-exhausted", published);
    expect(failed).toMatchObject({ statusText: "fail", attempts: 2, nextAttempt: null });
    const rejected = { outcome: "rejected", responseStatusCode: 500, response: "no" };
    expect(await api.attempts(published.app, published.message)).toMatchObject([
      { number: 1, trigger: "schedule", ...rejected },
      { number: 2, trigger: "manual", ...rejected },
    ]);
  });

  test("retry-after, when the receiver's time is later than the schedule's", async () => {
    const busy = await receiver({ answer: { status: 500, headers: { "retry-after": "7200" } } });
    const { nextAttempt } = await sees("retry-after", await publishTo(busy.url));
    expect(Date.parse(nextAttempt ?? "")).toBeGreaterThan(Date.now() + 7_000_000);
  });
});

describe("held", () => {
  test("endpoint-paused, until it is resumed", async () => {
    const fast = await receiver();
    const published = await publishTo(fast.url, { message: { deliverAt: inMs(3_600_000) } });
    const { app, endpoint } = published;
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/pause`);
    const message = await api.publish(app);
    await sees("endpoint-paused", published);
    await sees("endpoint-paused", { app, message });
    expect(fast.requests).toHaveLength(0);
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/resume`);
    await sees("delivered", { app, message });
    await sees("deliver-at", published);
  });

  test("endpoint-disabled, until it is enabled", async () => {
    const fast = await receiver();
    const deliverAt = inMs(1000);
    const published = await publishTo(fast.url, { message: { deliverAt } });
    await change(published, { disabled: true });
    expect(await sees("endpoint-disabled", published)).toMatchObject({ statusText: "pending" });
    await until("it would be due", () => Date.now() > Date.parse(deliverAt));
    await sees("endpoint-disabled", published);
    await change(published, { disabled: false });
    await sees("delivered", published);
  });

  test("breaker-open, when an endpoint fails for many messages in a row", async () => {
    const broken = await receiver({ answer: { status: 500 } });
    const { app, endpoint, message } = await publishTo(broken.url);
    for (let i = 0; i < 29; i += 1) await api.publish(app);
    const last = await api.publish(app);
    await sees("breaker-open", { app, message: last });
    await sees("breaker-open", { app, message });
    expect(broken.requests.length).toBeLessThan(31);
    const kinds = (await api.events(app, endpoint)).map(({ kind }) => kind);
    expect(kinds).toContain("breaker-opened");
  });

  test("receiver-asked-to-wait, for all that waits, after a 429 with Retry-After", async () => {
    const busy = await receiver({ answer: { status: 429, headers: { "retry-after": "7200" } } });
    const published = await publishTo(busy.url);
    const { nextAttempt } = await sees("receiver-asked-to-wait", published);
    expect(Date.parse(nextAttempt ?? "")).toBeGreaterThan(Date.now() + 7_000_000);
    const { app } = published;
    await sees("receiver-asked-to-wait", { app, message: await api.publish(app) });
    expect(busy.requests).toHaveLength(1);
  });
});

describe("failed", () => {
  test("gone after a 410, at once", async () => {
    const left = await receiver({ answer: { status: 410 } });
    const published = await publishTo(left.url);
    expect(await sees("gone", published)).toMatchObject({ attempts: 1, disabled: true });
    expect(await api.attempts(published.app, published.message)).toMatchObject([
      { outcome: "rejected", responseStatusCode: 410, errorClass: null },
    ]);
  });

  test("unreachable, when the last attempt reached nobody", async () => {
    const published = await publishTo(await urlOfNobody());
    await sees("retry-schedule", published);
    await resend(published);
    await sees("unreachable", published);
    const refused = { outcome: "not-sent", errorClass: "connection-refused", address: "127.0.0.1" };
    const attempts = await api.attempts(published.app, published.message);
    expect(attempts).toMatchObject([refused, refused]);
    expect(attempts[0]?.detail).toContain("Nothing listens");
  });

  test("maybe-delivered, when the last attempt was sent and not answered", async () => {
    const rude = await receiver({ answer: reset });
    const published = await publishTo(rude.url);
    await sees("retry-schedule", published);
    await resend(published);
    await sees("maybe-delivered", published);
    const unknown = { outcome: "unknown", errorClass: "connection-reset" };
    expect(await api.attempts(published.app, published.message)).toMatchObject([unknown, unknown]);
    expect(rude.requests).toHaveLength(2);
  });

  test("address-blocked, when the name leads to where nothing may be sent", async () => {
    const inside = await receiver();
    const other = connect(strict);
    const app = await other.application();
    await other.endpoint(app, { url: `http://localhost:${inside.port}/` });
    const message = await other.publish(app);
    const shown = await sees("address-blocked", { app, message }, other);
    expect(shown.attempts).toBe(1);
    expect(await other.attempts(app, message)).toMatchObject([
      { outcome: "not-sent", errorClass: "address-blocked" },
    ]);
    expect(inside.connections).toBe(0);
  });
});

describe("discarded", () => {
  test("expired, when its expiry passes while it is held", async () => {
    const fast = await receiver();
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: fast.url });
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/pause`);
    const message = await api.publish(app, { expiresAt: inMs(1000) });
    expect(await sees("expired", { app, message })).toMatchObject({ statusText: "canceled" });
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/resume`);
    const next = await api.publish(app);
    await sees("delivered", { app, message: next });
    expect(fast.requests.map(({ headers }) => headers["webhook-id"])).toEqual([next]);
  });

  test("content-deleted, when the content goes before it is delivered", async () => {
    const fast = await receiver();
    const published = await publishTo(fast.url, { message: { deliverAt: inMs(2000) } });
    await api.done("DELETE", `/app/${published.app}/msg/${published.message}/content`);
    await sees("content-deleted", published);
    expect(fast.requests).toHaveLength(0);
  });

  test("endpoint-deleted, when the endpoint goes before it is delivered", async () => {
    const fast = await receiver();
    const published = await publishTo(fast.url, { message: { deliverAt: inMs(3_600_000) } });
    await api.done("DELETE", `/app/${published.app}/endpoint/${published.endpoint}`);
    await sees("endpoint-deleted", published);
    // Waiting and ended look alike to a reader: what matters is that it ends.
    await until("it has ended", () => hasEnded(server.dataDir, "endpoint-deleted"));
  });

  test("application-deleted, when the application goes before it is delivered", async () => {
    const fast = await receiver();
    const published = await publishTo(fast.url, { message: { deliverAt: inMs(3_600_000) } });
    await api.done("DELETE", `/app/${published.app}`);
    const gone = await api.ask("GET", `/app/${published.app}/msg/${published.message}/endpoint`);
    expect(gone).toMatchObject({ status: 404, body: { code: "application_not_found" } });
    // Nobody can ask for it any more, so the ledger itself is looked at.
    await until("the ledger says so", () => hasEnded(server.dataDir, "application-deleted"));
    seen.add("application-deleted");
    expect(fast.requests).toHaveLength(0);
  });
});

test("every reason of a delivery was seen, and no other", () => {
  const states: ReadonlySet<string> = new Set(deliveryStates);
  const ofDeliveries = Object.entries(reasons).filter(([, { state }]) => states.has(state));
  expect([...seen].toSorted()).toEqual(ofDeliveries.map(([reason]) => reason).toSorted());
});
