import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../journeys/kit/connect.ts";
import { closeReceivers, receiver } from "../journeys/kit/receivers.ts";
import {
  githubRequest,
  makeSource,
  requestsOf,
  retryVerification,
  secret,
} from "../journeys/kit/sources.ts";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { dropFreshDatabases, freshDatabase } from "../kit/test-database.ts";
import { until } from "../kit/until.ts";

vi.setConfig({ testTimeout: 120_000 });

afterEach(async () => {
  await endAll();
  await closeReceivers();
  await dropFreshDatabases();
});

const env = { POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2" };

test("a source on Postgres takes, knows again, rejects, and takes later", async () => {
  const { url } = await freshDatabase();
  const server = await startPosthorn({
    dataDir: newDataDir(),
    env: { ...env, POSTHORN_STORE: url },
  });
  const api = connect(server);
  const app = await api.application();
  const to = await receiver();
  await api.endpoint(app, { url: to.url });
  const source = await makeSource(api, app, { forwarding: "resign" });
  const body = '{ "big": 12345678901234567890 }';
  const sent = githubRequest(body);
  const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(source.url, sent)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await fetch(source.url, githubRequest(body, { secret: "other" }))).status).toBe(401);
  const [got] = await to.received(1);
  expect(got?.body.toString()).toBe(body);
  expect(got?.headers["x-hub-signature-256"]).toBe(sent.headers["x-hub-signature-256"]);
  const rows = await requestsOf(api, source.id);
  expect(rows.filter(({ outcome }) => outcome === "duplicate")).toHaveLength(9);
  const [rejected] = await requestsOf(api, source.id, "?outcome=rejected");
  await api.done("POST", `/source/${source.id}/secret/rotate`, { body: { key: "other" } });
  const accepted = await retryVerification(api, source.id, rejected?.id ?? "");
  expect(accepted).toMatchObject({ outcome: "accepted", id: rejected?.id });
  await to.received(2);
});

test("what a source on Postgres answered 200 is delivered after a kill -9", async () => {
  const { url } = await freshDatabase();
  const start = () =>
    startPosthorn({ dataDir: newDataDir(), env: { ...env, POSTHORN_STORE: url, ...master } });
  const master = { POSTHORN_MASTER_KEY: "5".repeat(64) };
  let server = await start();
  const api = connect(server);
  const app = await api.application();
  const to = await receiver();
  await api.endpoint(app, { url: to.url });
  const source = await makeSource(api, app, { secret });
  const accepted = new Set<string>();
  let running = true;
  const senders = Array.from({ length: 8 }, async (_, sender) => {
    for (let n = 0; running; n += 1) {
      const delivery = `${sender}-${n}`;
      const answer = await fetch(source.url, githubRequest("{}", { delivery })).catch(() => null);
      if (answer?.status === 200) accepted.add(delivery);
      if (answer === null) return;
    }
  });
  await until("enough is accepted", async () => accepted.size >= 100);
  await server.kill();
  running = false;
  await Promise.all(senders);
  server = await start();
  await until("all is delivered", async () => {
    const got = new Set(to.requests.map(({ headers }) => headers["x-github-delivery"]));
    return Array.from(accepted).every((each) => got.has(each));
  });
});
