import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { hang } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { type Api, connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";

const env = { POSTHORN_RETRY_SCHEDULE: "0,30", POSTHORN_REQUEST_TIMEOUT_MS: "60000" };
let api: Api;

beforeAll(async () => {
  api = connect(await startPosthorn({ dataDir: newDataDir(), env }));
});
afterAll(async () => {
  await endAll();
  await closeReceivers();
});

async function laneOf(app: string, endpoint: string): Promise<Record<string, unknown>> {
  const lane = await api.done("GET", `/app/${app}/endpoint/${endpoint}/lane`);
  if (typeof lane !== "object" || lane === null) throw new Error("a lane expected");
  return { ...lane };
}

describe("an endpoint's lane", () => {
  test("at rest says so", async () => {
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: (await receiver()).url });
    expect(await laneOf(app, endpoint)).toEqual({
      gate: "open",
      breaker: "closed",
      probeAt: null,
      consecutiveFailures: 0,
      failingSince: null,
      askedToWaitUntil: null,
      concurrency: null,
      limitedBy: null,
      sending: 0,
      asOf: null,
    });
    await api.done("POST", `/app/${app}/endpoint/${endpoint}/pause`);
    expect(await laneOf(app, endpoint)).toMatchObject({ gate: "paused" });
  });

  test("shrinks after a 503, and shows what the receiver asked for", async () => {
    const busy = await receiver({
      answer: () => ({ status: 503, headers: { "retry-after": "60" } }),
    });
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: busy.url });
    await api.publish(app);
    const lane = await until("the lane is written", async () => {
      const shown = await laneOf(app, endpoint);
      return shown["asOf"] !== null && shown;
    });
    expect(lane).toMatchObject({ gate: "open", consecutiveFailures: 1 });
    expect(Number(lane["concurrency"])).toBeLessThan(10);
    expect(Date.parse(String(lane["askedToWaitUntil"]))).toBeGreaterThan(Date.now());
  });

  test("counts what has been under way for a while", async () => {
    const app = await api.application();
    const endpoint = await api.endpoint(app, { url: (await receiver({ answer: hang })).url });
    await api.publish(app);
    await until("it is shown as under way", async () => {
      return (await laneOf(app, endpoint))["sending"] === 1;
    });
  });
});
