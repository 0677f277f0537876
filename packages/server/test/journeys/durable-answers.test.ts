import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { until } from "../kit/until.ts";
import { connect } from "./kit/connect.ts";
import { readLedger } from "./kit/ledger.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";
import { type SyncShim, buildSyncShim } from "./kit/sync-shim.ts";

// What the store's own loop does in this order is shown in test/sqlite/answers.test.ts, on every
// system; here the system calls of the whole server are seen, from outside.
const needsCompiler = "it needs Linux and a C compiler (cc)";

afterEach(async () => {
  await endAll();
  await closeReceivers();
});

function shimFor(dataDir: string): SyncShim | undefined {
  return buildSyncShim(join(dirname(dataDir), "shim"));
}

test("a message is on disk before its publisher is answered", async ({ skip }) => {
  const dataDir = newDataDir();
  const shim = shimFor(dataDir);
  if (shim === undefined) return skip(needsCompiler);
  const api = connect(await startPosthorn({ dataDir, env: shim.env }));
  // Without an endpoint nothing but the publishes is written, so each sync is one of theirs.
  const app = await api.application();
  await until("the start is over", () => shim.events().includes("sync"));
  const before = shim.events().length;
  for (let i = 0; i < 50; i += 1) await api.publish(app);
  const events = shim.events().slice(before);
  expect(events.filter((event) => event === "answer")).toHaveLength(50);
  const unsynced = events.filter(
    (event, index) => event === "answer" && events[index - 1] !== "sync",
  );
  expect(unsynced).toEqual([]);
});

test("nothing is answered 2xx while nothing can be put on disk, and it goes on by itself", async ({
  skip,
}) => {
  const dataDir = newDataDir();
  const shim = shimFor(dataDir);
  if (shim === undefined) return skip(needsCompiler);
  const fast = await receiver();
  const server = await startPosthorn({ dataDir, env: shim.env });
  const api = connect(server);
  const app = await api.application();
  await api.endpoint(app, { url: fast.url });
  const first = await api.publish(app, { eventId: "first" });
  await api.reaches(app, first, "delivered");

  shim.failSyncs();
  const publish = (eventId: string) =>
    api.ask("POST", `/app/${app}/msg`, { body: { eventType: "a", eventId, payload: {} } });
  const refused = await Promise.all(Array.from({ length: 20 }, (_, i) => publish(`refused-${i}`)));
  refused.push(await publish("alone"), await api.ask("POST", "/app", { body: { name: "a" } }));
  for (const each of refused) {
    expect(each).toMatchObject({ status: 503, body: { code: "store_io_error" } });
  }
  expect(shim.events().filter((event) => event === "answer")).toHaveLength(1);
  expect(fast.requests).toHaveLength(1);

  shim.mend();
  await until("it is healthy", async () => (await api.ask("GET", "/health")).status === 200);
  // Nothing of what was refused is there: its eventId is free.
  const alone = await api.publish(app, { eventId: "alone" });
  await api.reaches(app, alone, "delivered");
  expect(idsOf(fast)).toEqual([first, alone]);
  expect(await server.stop()).toBe(0);
  const ledger = await readLedger(dataDir);
  expect(ledger).toMatchObject({ integrity: "ok", waiting: 0 });
  expect([...ledger.messages].toSorted()).toEqual(["alone", "first"]);
});
