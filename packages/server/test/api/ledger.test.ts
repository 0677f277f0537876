import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connectDispatchStore,
  type ConnectedDispatchStore,
} from "../../src/adapters/sqlite/connect-dispatch-store.ts";
import type { Attempt } from "../../src/domain/delivery.ts";
import type { Settlement } from "../../src/ports/dispatch-store.ts";
import { at, itemsOf, openApi, textAt, type OpenApi } from "./open-api.ts";

let t: OpenApi;
let dispatch: ConnectedDispatchStore;
let epoch: number;
const app = "/app/a";
const url = "https://example.com/hook?x=1";

beforeAll(async () => {
  t = await openApi();
  dispatch = connectDispatchStore(t.dispatchPort());
  ({ epoch } = await dispatch.takeOver("w1"));
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
  const headers = { "x-plain": "1", "x-api-key": "sesame" };
  await t.call("POST", `${app}/endpoint`, { body: { url, uid: "e", headers } });
});
afterAll(async () => {
  dispatch.disconnect();
  await t.close();
});

interface Sent {
  readonly outcome: Attempt["outcome"];
  readonly status?: number;
}

/** Publishes, and records one attempt as the dispatcher would. */
async function attempted(
  sent: Sent,
  settle: (attempt: Attempt) => Settlement,
): Promise<{ message: string; attempt: string }> {
  const body = { eventType: "a", payload: { n: 1 }, channels: ["c"] };
  const published = await t.call("POST", `${app}/msg`, { body });
  const message = textAt(published, "id");
  const view = await t.call("GET", `${app}/msg/${message}/endpoint`);
  const [endpoint, application] = await Promise.all([
    t.call("GET", `${app}/endpoint/e`),
    t.store.findApplication({ kind: "uid", uid: "a" }),
  ]);
  const ids = {
    message: t.codec.parse("message", message),
    delivery: t.codec.parse("delivery", textAt(view, "data", 0, "deliveryId")),
    endpoint: t.codec.parse("endpoint", textAt(endpoint, "id")),
    application: application?.id,
  };
  if (!ids.message || !ids.delivery || !ids.endpoint || !ids.application) throw new Error("no ids");
  const attempt: Attempt = {
    id: t.ids.next("attempt"),
    application: ids.application,
    endpoint: ids.endpoint,
    message: ids.message,
    delivery: ids.delivery,
    number: 1,
    trigger: "schedule",
    startedAt: t.now(),
    outcome: sent.outcome,
    errorClass: sent.status === undefined ? "connection-reset" : null,
    detail: sent.status === undefined ? "It was reset." : null,
    phases: { queueMs: 1, dnsMs: 2, totalMs: 30.4, reused: false },
    response:
      sent.status === undefined
        ? null
        : {
            status: sent.status,
            headers: [["content-type", "text/plain"]],
            body: new TextEncoder().encode("answer"),
            truncated: true,
          },
    address: "192.0.2.1",
    endpointVersion: 1,
    worker: "w1",
  };
  await dispatch.record({
    epoch,
    settlements: [settle(attempt)],
    lanes: [],
    restedLanes: [],
    events: [],
    disables: [],
  });
  return { message, attempt: t.codec.format("attempt", attempt.id) };
}

const end =
  (reason: "delivered" | "maybe-delivered" | "attempts-exhausted") =>
  (attempt: Attempt): Settlement => ({ kind: "end", attempt, reason });

describe("attempts", () => {
  test("are shown with every field, and secrets masked", async () => {
    const { message, attempt } = await attempted(
      { outcome: "delivered", status: 200 },
      end("delivered"),
    );
    const one = await t.call("GET", `${app}/msg/${message}/attempt/${attempt}`);
    expect(one.json).toMatchObject({
      id: attempt,
      msgId: message,
      url,
      response: "answer",
      responseStatusCode: 200,
      responseDurationMs: 30,
      status: 0,
      statusText: "success",
      triggerType: 0,
      number: 1,
      trigger: "schedule",
      outcome: "delivered",
      errorClass: null,
      detail: null,
      phases: { queueMs: 1, dnsMs: 2, connectMs: null, totalMs: 30.4, reused: false },
      address: "192.0.2.1",
      request: {
        url,
        headers: {
          "content-type": "application/json",
          "webhook-id": message,
          "webhook-signature": "[secret]",
          "x-plain": "1",
          "x-api-key": "[secret]",
        },
      },
      responseHeaders: [["content-type", "text/plain"]],
      truncated: true,
      endpointVersion: 1,
      worker: "w1",
      msg: null,
    });
    expect(one.text).not.toContain("sesame");
  });

  test("are listed by endpoint and by message, and filtered", async () => {
    const good = await attempted({ outcome: "delivered", status: 204 }, end("delivered"));
    const bad = await attempted({ outcome: "rejected", status: 500 }, end("attempts-exhausted"));
    const lost = await attempted({ outcome: "unknown" }, end("maybe-delivered"));
    const ids = async (path: string) => {
      const answer = await t.call("GET", path);
      return itemsOf(answer).map((_each, i) => textAt(answer, "data", i, "id"));
    };
    const all = `${app}/attempt/endpoint/e?limit=3&expanded_statuses=true`;
    expect(await ids(all)).toEqual([lost.attempt, bad.attempt, good.attempt]);
    expect(await ids(`${all}&status=2`)).toEqual([lost.attempt, bad.attempt]);
    expect(await ids(`${all}&status=1`)).toEqual([]);
    expect(await ids(`${all}&status_code_class=500`)).toEqual([bad.attempt]);
    expect(await ids(`${all}&status_code_class=0`)).toEqual([lost.attempt]);
    expect(await ids(`${all}&channel=none`)).toEqual([]);
    expect(await ids(`${app}/attempt/msg/${bad.message}`)).toEqual([bad.attempt]);
    expect(await ids(`${app}/attempt/msg/${bad.message}?endpoint_id=e`)).toEqual([bad.attempt]);
    const withMessage = await t.call("GET", `${app}/attempt/msg/${bad.message}?with_msg=true`);
    expect(at(withMessage, "data", 0, "msg", "id")).toBe(bad.message);
    const bare = await t.call("GET", `${app}/attempt/msg/${bad.message}?with_content=false`);
    expect(at(bare, "data", 0, "response")).toBe("");
  });

  test("lose what was answered when it is deleted, and keep the rest", async () => {
    const { message, attempt } = await attempted(
      { outcome: "delivered", status: 200 },
      end("delivered"),
    );
    const path = `${app}/msg/${message}/attempt/${attempt}`;
    expect((await t.call("DELETE", `${path}/content`)).status).toBe(204);
    expect((await t.call("GET", path)).json).toMatchObject({
      response: "",
      responseStatusCode: 200,
    });
    expect((await t.call("DELETE", `${app}/msg/${message}/attempt/atmpt_x/content`)).status).toBe(
      404,
    );
    expect((await t.call("GET", `${app}/msg/${message}/attempt/atmpt_x`)).status).toBe(404);
  });
});

describe("deliveries", () => {
  test("say what became of them, why, and what is open", async () => {
    const { message } = await attempted({ outcome: "unknown" }, end("maybe-delivered"));
    const view = await t.call("GET", `${app}/msg/${message}/endpoint`);
    expect(at(view, "data", 0)).toMatchObject({
      uid: "e",
      status: 2,
      statusText: "fail",
      state: "failed",
      reason: "maybe-delivered",
      attempts: 1,
      nextAttempt: null,
      rule: null,
      options: [{ code: "check-receiver" }, { code: "resend" }],
    });
  });

  test("say when and by which rule the next attempt is", async () => {
    const due = t.now() + 60_000;
    const { message } = await attempted({ outcome: "rejected", status: 500 }, (attempt) => ({
      kind: "retry",
      attempt,
      due,
      rule: "schedule",
    }));
    const view = await t.call("GET", `${app}/endpoint/e/msg?limit=1`);
    expect(at(view, "data", 0)).toMatchObject({
      id: message,
      status: 1,
      statusText: "pending",
      state: "scheduled",
      reason: "retry-schedule",
      rule: "schedule",
      nextAttempt: new Date(due).toISOString(),
    });
    await t.call("POST", `${app}/endpoint/e/pause`);
    const held = await t.call("GET", `${app}/endpoint/e/msg?limit=1&status=1`);
    expect(at(held, "data", 0)).toMatchObject({
      id: message,
      state: "held",
      reason: "endpoint-paused",
    });
    await t.call("POST", `${app}/endpoint/e/resume`);
    const states = async (status: number) => {
      const listed = await t.call("GET", `${app}/endpoint/e/msg?status=${status}`);
      return new Set(itemsOf(listed).map((_each, i) => at(listed, "data", i, "status")));
    };
    expect(await states(0)).toEqual(new Set([0]));
    expect(await states(1)).toEqual(new Set([1]));
    expect(await states(2)).toEqual(new Set([2]));
    expect(await states(3)).toEqual(new Set());
    expect(await states(4)).toEqual(new Set());
  });

  test("are counted", async () => {
    const stats = await t.call("GET", `${app}/endpoint/e/stats`);
    const messages = await t.call("GET", `${app}/msg?limit=250`);
    const sum = ["success", "fail", "pending", "sending", "canceled"]
      .map((name) => Number(at(stats, name)))
      .reduce((a, b) => a + b);
    expect(sum).toBe(itemsOf(messages).length);
    const never = "since=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z";
    expect((await t.call("GET", `${app}/endpoint/e/stats?${never}`)).json).toEqual({
      success: 0,
      fail: 0,
      pending: 0,
      sending: 0,
      canceled: 0,
    });
    const turned = "since=2020-01-02T00:00:00Z&until=2020-01-01T00:00:00Z";
    expect((await t.call("GET", `${app}/endpoint/e/stats?${turned}`)).status).toBe(422);
  });
});

describe("resending", () => {
  const resend = (message: string) => t.call("POST", `${app}/msg/${message}/endpoint/e/resend`);

  test("makes a new delivery that is linked to the one that ended", async () => {
    const { message } = await attempted({ outcome: "unknown" }, end("maybe-delivered"));
    const path = `${app}/msg/${message}/endpoint`;
    const before = textAt(await t.call("GET", path), "data", 0, "deliveryId");
    const answer = await resend(message);
    expect([answer.status, answer.json]).toEqual([202, {}]);
    const after = await t.call("GET", path);
    expect(at(after, "data", 0)).toMatchObject({
      state: "scheduled",
      rule: "manual",
      resendOf: before,
    });
    expect((await resend(message)).status).toBe(202);
    expect(textAt(await t.call("GET", path), "data", 0, "deliveryId")).toBe(
      textAt(after, "data", 0, "deliveryId"),
    );
  });

  test("is refused for a disabled endpoint and for deleted content, with the reason", async () => {
    const { message } = await attempted({ outcome: "delivered", status: 200 }, end("delivered"));
    await t.call("PATCH", `${app}/endpoint/e`, { body: { disabled: true } });
    const disabled = await resend(message);
    expect([disabled.status, at(disabled, "code")]).toEqual([409, "endpoint_disabled"]);
    await t.call("PATCH", `${app}/endpoint/e`, { body: { disabled: false } });
    expect((await t.call("DELETE", `${app}/msg/${message}/content`)).status).toBe(204);
    const deleted = await resend(message);
    expect([deleted.status, at(deleted, "code")]).toEqual([409, "content_deleted"]);
    const shown = await t.call("GET", `${app}/msg/${message}`);
    expect(at(shown, "payload")).toEqual({ expired: true });
    expect((await resend("none")).status).toBe(404);
  });
});
