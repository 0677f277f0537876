import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { closeReceivers, receiver } from "./kit/receivers.ts";
import { githubRequest, makeSource, requestsOf } from "./kit/sources.ts";

vi.setConfig({ testTimeout: 300_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

const connections = 16;
const kills = 5;
// What was under way at a kill comes again by the schedule.
const env = { POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2" };

test("what a source answered 200 is delivered, whatever kills come", async () => {
  const dataDir = newDataDir();
  const to = await receiver();
  let server = await startPosthorn({ dataDir, env });
  let api = connect(server);
  const app = await api.application();
  await api.endpoint(app, { url: to.url });
  const source = await makeSource(api, app);
  const path = new URL(source.url).pathname;
  const accepted = new Set<string>();
  let n = 0;

  for (let kill = 0; kill < kills; kill += 1) {
    let running = true;
    const aim = accepted.size + 200;
    const senders = Array.from({ length: connections }, async () => {
      while (running) {
        const delivery = `delivery-${(n += 1)}`;
        const sent = githubRequest(`{"n":${n}}`, { delivery });
        const answer = await fetch(server.url + path, sent).catch(() => undefined);
        if (answer?.status === 200) accepted.add(delivery);
        else if (answer !== undefined) throw new Error(`answered ${answer.status}`);
        else if (running) await wait(1);
      }
    });
    await until("enough is accepted", async () => accepted.size >= aim);
    await server.kill();
    running = false;
    await Promise.all(senders);
    server = await startPosthorn({ dataDir, env });
    api = connect(server);
  }

  const deliveries = () => to.requests.map(({ headers }) => headers["x-github-delivery"] ?? "");
  const missing = () => {
    const got = new Set(deliveries());
    return Array.from(accepted).filter((each) => !got.has(each));
  };
  await until("all is delivered", async () => missing().length === 0);
  // Sent again by the provider after the kill, each is known.
  const [some = ""] = accepted;
  const answer = await fetch(server.url + path, githubRequest("{}", { delivery: some }));
  expect(answer.status).toBe(200);
  expect(await requestsOf(api, source.id, "?limit=1")).toMatchObject([{ outcome: "duplicate" }]);
  const ids = new Map(
    to.requests.map(({ headers }) => [headers["x-github-delivery"], headers["posthorn-id"]]),
  );
  for (const { headers } of to.requests) {
    expect(ids.get(headers["x-github-delivery"])).toBe(headers["posthorn-id"]);
  }
});
