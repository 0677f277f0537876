import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, test } from "vitest";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { testStore } from "../kit/test-store.ts";
import { until } from "../kit/until.ts";
import { type Api, connect } from "./kit/connect.ts";
import { jumpingClock } from "./kit/jumping-clock.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

const dayMs = 86_400_000;

test("a clock that jumps by a day has retries neither fire nor stall, and signs with the time that counts", async () => {
  const dataDir = newDataDir();
  const clock = jumpingClock(dataDir);
  const env = { ...clock.env, POSTHORN_RETRY_SCHEDULE: "0,2,2" };
  const patient = await receiver({ answer: { status: 503, headers: { "retry-after": "3600" } } });
  const seen = new Set<string>();
  const mending = await receiver({
    answer: ({ headers }) => {
      const id = headers["webhook-id"] ?? "";
      const status = seen.has(id) ? 200 : 500;
      seen.add(id);
      return { status };
    },
  });
  const api = connect(await startPosthorn({ dataDir, env }));
  const app = await api.application();
  await api.endpoint(app, { url: patient.url, eventTypes: ["patient"] });
  await api.endpoint(app, { url: mending.url, eventTypes: ["mending"] });
  const waits = await api.publish(app, { eventType: "patient" });
  const { nextAttempt } = await api.reaches(app, waits, "receiver-asked-to-wait");

  const messages: string[] = [];
  for (const aheadMs of [dayMs, -dayMs, 0]) {
    const message = await api.publish(app, { eventType: "mending" });
    messages.push(message);
    await api.reaches(app, message, "retry-schedule");
    clock.jump(aheadMs);
    // Not stalled: it comes when two seconds have passed, whatever the wall's clock says.
    expect(await api.reaches(app, message, "delivered")).toMatchObject({ attempts: 2 });
    // On Postgres its clock counts, and this machine's does not.
    const signedAheadMs = testStore === "sqlite" ? aheadMs : 0;
    expect(aheadOfLast(mending.requests)).toBeGreaterThan(signedAheadMs - 60_000);
    expect(aheadOfLast(mending.requests)).toBeLessThan(signedAheadMs + 60_000);
    // Not fired: what is due in an hour has waited meanwhile.
    expect(await api.delivery(app, waits)).toMatchObject({ attempts: 1, nextAttempt });
    expect(patient.requests).toHaveLength(1);
  }
  expect(idsOf(mending)).toEqual(messages.flatMap((message) => [message, message]));
});

/** How far the last request's signed time is ahead of the true one. */
function aheadOfLast(requests: readonly { readonly headers: Readonly<Record<string, string>> }[]) {
  const timestamp = requests.at(-1)?.headers["webhook-timestamp"];
  return Number(timestamp) * 1000 - Date.now();
}

// Postgres removes whole days, see the tests of its retention.
if (testStore === "sqlite") {
  test("a clock that jumps by a day has nothing removed early, and goes on removing", async () => {
    const dataDir = newDataDir();
    mkdirSync(dirname(dataDir), { recursive: true });
    const clock = jumpingClock(dataDir);
    const first = await startPosthorn({ dataDir, env: clock.env });
    const app = await connect(first).application();
    const publish = () => connect(first).publish(app);
    const [soon, later, tomorrow] = [await publish(), await publish(), await publish()];
    expect(await first.stop()).toBe(0);
    const start = Date.now();
    retain(dataDir, [start + 4000, start + 7000, start + dayMs / 2]);

    const server = await startPosthorn({ dataDir, env: clock.env });
    const api = connect(server);
    clock.jump(dayMs);
    await gone(api, app, soon);
    clock.jump(-dayMs);
    await gone(api, app, later);
    expect((await api.ask("GET", `/app/${app}/msg/${tomorrow}`)).status).toBe(200);
    await expectDelivers(server, app);
  });
}

/** Says of each message, the oldest first, until when it is kept; as if it had been published long ago. */
function retain(dataDir: string, times: readonly number[]): void {
  const database = new DatabaseSync(join(dataDir, "posthorn.sqlite"));
  const ids = database.prepare("SELECT id FROM messages ORDER BY id").all();
  const update = database.prepare("UPDATE messages SET retain_until = ? WHERE id = ?");
  for (const [index, time] of times.entries()) update.run(time, Number(ids[index]?.["id"]));
  database.close();
}

async function gone(api: Api, app: string, message: string): Promise<void> {
  await until("the message is removed", async () => {
    return (await api.ask("GET", `/app/${app}/msg/${message}`)).status === 404;
  });
}

async function expectDelivers(server: PosthornProcess, app: string): Promise<void> {
  const api = connect(server);
  const fast = await receiver();
  await api.endpoint(app, { url: fast.url });
  await api.reaches(app, await api.publish(app), "delivered");
}
