import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { type Answer, type Receiver } from "../kit/receiver.ts";
import { type Api, connect } from "./kit/connect.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";

// Short, so that whatever comes later was asked for by the receiver.
const env = { POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2" };

let api: Api;

beforeAll(async () => {
  api = connect(await startPosthorn({ dataDir: newDataDir(), env }));
});

afterAll(async () => {
  await endAll();
  await closeReceivers();
});

interface Timed extends Receiver {
  /** When each request came, in ms of the wall's time. */
  readonly times: readonly number[];
}

/** Answers one request after the other as told, and all further ones with 200. */
async function answering(...answers: (() => Answer)[]): Promise<Timed> {
  const times: number[] = [];
  const started = await receiver({
    answer: () => {
      times.push(Date.now());
      return answers[times.length - 1]?.() ?? {};
    },
  });
  return Object.assign(started, { times });
}

// Two processes read the same clock, each rounding to the millisecond in its own way.
const roundingMs = 20;

describe("Retry-After", () => {
  test.each([429, 503])("of a %i in seconds holds up all that waits", async (status) => {
    const busy = await answering(() => ({ status, headers: { "retry-after": "2" } }));
    const app = await api.application();
    await api.endpoint(app, { url: busy.url });
    const first = await api.publish(app);
    await api.reaches(app, first, "receiver-asked-to-wait");
    const second = await api.publish(app);
    await api.reaches(app, second, "delivered");
    await api.reaches(app, first, "delivered");
    const [asked = 0, ...later] = busy.times;
    expect(later).toHaveLength(2);
    for (const time of later) expect(time - asked).toBeGreaterThanOrEqual(2000 - roundingMs);
  });

  test.each([429, 503])("of a %i as a date is not run ahead of", async (status) => {
    let date = "";
    const busy = await answering(() => {
      // A date has whole seconds: two to three seconds are left.
      date = new Date(Date.now() + 3000).toUTCString();
      return { status, headers: { "retry-after": date } };
    });
    const app = await api.application();
    await api.endpoint(app, { url: busy.url });
    const message = await api.publish(app);
    await api.reaches(app, message, "delivered");
    expect(busy.times[1]).toBeGreaterThanOrEqual(Date.parse(date) - roundingMs);
    expect(await api.attempts(app, message)).toMatchObject([
      { number: 1, outcome: "rejected", responseStatusCode: status },
      { number: 2, outcome: "delivered" },
    ]);
  });

  test("that is nonsense leaves the time to the schedule", async () => {
    const odd = await answering(() => ({ status: 503, headers: { "retry-after": "soon" } }));
    const app = await api.application();
    await api.endpoint(app, { url: odd.url });
    await api.reaches(app, await api.publish(app), "delivered");
    expect(odd.requests).toHaveLength(2);
  });
});

describe("a redirect", () => {
  test.each([300, 301, 302, 303, 307, 308])(
    "by %i is a failure and not followed",
    async (status) => {
      const elsewhere = await receiver();
      const moved = await receiver({ answer: { status, headers: { location: elsewhere.url } } });
      const app = await api.application();
      await api.endpoint(app, { url: moved.url });
      const message = await api.publish(app);
      await api.reaches(app, message, "attempts-exhausted");
      const rejected = { outcome: "rejected", responseStatusCode: status };
      expect(await api.attempts(app, message)).toMatchObject([
        rejected,
        rejected,
        rejected,
        rejected,
      ]);
      expect(elsewhere.connections).toBe(0);
    },
  );
});

describe("a 410", () => {
  test("disables the endpoint, with an event, and nothing more is sent until it is enabled", async () => {
    const left = await answering(() => ({ status: 410 }));
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: left.url });
    const waiting = await api.publish(app, {
      deliverAt: new Date(Date.now() + 1500).toISOString(),
    });
    const refused = await api.publish(app);
    await api.reaches(app, refused, "gone");

    expect(await api.done("GET", `/app/${app}/endpoint/${endpoint}`)).toMatchObject({
      disabled: true,
    });
    expect(await api.events(app, endpoint)).toMatchObject([
      { kind: "disabled", by: { kind: "rule", rule: "gone" }, figures: { lastStatus: 410 } },
    ]);
    await api.reaches(app, waiting, "endpoint-disabled");

    const unmatched = await api.publish(app);
    expect(await api.deliveries(app, unmatched)).toEqual([]);
    expect(await api.done("GET", `/app/${app}/msg/${unmatched}/routing`)).toMatchObject({
      data: [{ endpointId: endpoint, matched: false, verdict: "endpoint-disabled" }],
    });
    expect(left.requests).toHaveLength(1);

    await enable(app, endpoint);
    await api.reaches(app, waiting, "delivered");
    const kinds = (await api.events(app, endpoint)).map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(["enabled", "disabled"]);
    expect(idsOf(left)).toEqual([refused, waiting]);
  });
});

describe("a disabled endpoint", () => {
  test("gets nothing by a resend, which says why; once enabled it does", async () => {
    const fast = await receiver();
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: fast.url, disabled: true });
    const message = await api.publish(app);
    const path = `/app/${app}/msg/${message}/endpoint/${endpoint}/resend`;
    expect(await api.ask("POST", path)).toMatchObject({
      status: 409,
      body: { code: "endpoint_disabled", detail: expect.stringContaining("disabled") },
    });
    expect(await api.deliveries(app, message)).toEqual([]);

    await enable(app, endpoint);
    await api.done("POST", path);
    await api.reaches(app, message, "delivered");
    expect(await api.done("GET", `/app/${app}/msg/${message}/routing`)).toMatchObject({
      data: [{ verdict: "sent-directly" }],
    });
    expect(idsOf(fast)).toEqual([message]);
  });

  test("drains what waited when it is enabled", async () => {
    const fast = await receiver();
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: fast.url });
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/pause`);
    const messages: string[] = [];
    for (let n = 0; n < 30; n += 1) messages.push(await api.publish(app));
    await api.done("PATCH", `/app/${app}/endpoint/${endpoint}`, { body: { disabled: true } });
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/resume`);
    for (const message of messages) {
      expect((await api.delivery(app, message)).reason).toBe("endpoint-disabled");
    }
    expect(fast.requests).toHaveLength(0);
    await enable(app, endpoint);
    await fast.received(messages.length);
    expect(idsOf(fast).toSorted()).toEqual(messages.toSorted());
    for (const message of messages) await api.reaches(app, message, "delivered");
  });
});

describe("a resend", () => {
  test("of a delivery that ended is a new one, linked to it", async () => {
    const fast = await receiver();
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: fast.url });
    const message = await api.publish(app);
    const first = await api.reaches(app, message, "delivered");
    expect(first.resendOf).toBeNull();
    await api.done("POST", `/app/${app}/msg/${message}/endpoint/${endpoint}/resend`);
    await fast.received(2);
    const second = await api.reaches(app, message, "delivered");
    const attempts = await api.attempts(app, message);
    expect(second).toMatchObject({ resendOf: first.deliveryId, attempts: 1 });
    expect(second.deliveryId).not.toBe(first.deliveryId);
    expect(attempts).toMatchObject([
      { deliveryId: first.deliveryId, number: 1, trigger: "schedule" },
      { deliveryId: second.deliveryId, number: 1, trigger: "manual" },
    ]);
    expect(idsOf(fast)).toEqual([message, message]);
  });
});

function enable(app: string, endpoint: string): Promise<unknown> {
  return api.done("PATCH", `/app/${app}/endpoint/${endpoint}`, { body: { disabled: false } });
}
