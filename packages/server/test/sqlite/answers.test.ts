import { afterEach, beforeEach, expect, test } from "vitest";
import type { Call, FromStore } from "../../src/adapters/sqlite/protocol.ts";
import { StoreLoop } from "../../src/adapters/sqlite/serve.ts";
import { Maker } from "../conformance/fixtures.ts";
import { until } from "../kit/until.ts";
import { openEngine, sqliteError } from "./engine-kit.ts";

let opened: ReturnType<typeof openEngine>;
let maker: Maker;
beforeEach(() => {
  maker = new Maker();
  opened = openEngine();
});
afterEach(() => opened.close());

/** Publishes three messages through the store's loop; gives what happened, in its order. */
async function publishThree(commit: () => void): Promise<readonly string[]> {
  const application = maker.application();
  opened.ask("createApplication", application);
  const events: string[] = [];
  opened.watch.before = (sql) => {
    if (sql !== "COMMIT") return;
    events.push(sql);
    commit();
  };
  const post = (message: FromStore): void => {
    if (message.kind !== "answers") return;
    // What is answered is no part of a transaction that could still fail.
    const open = opened.database.isTransaction ? " in a transaction" : "";
    for (const answer of message.answers) events.push(`${answer.kind}${open}`);
  };
  // Before the time of the first sweep, whose commit would be seen, too.
  const loop = new StoreLoop(opened.engine, { post, now: () => -1, onClosed: () => undefined });
  const calls = [1, 2, 3].map((id): Call => {
    return { id, name: "publish", args: [maker.publication(application.id, [])] };
  });
  loop.receive({ kind: "calls", calls });
  await until("all are answered", () => events.filter((event) => event !== "COMMIT").length === 3);
  opened.watch.before = () => undefined;
  return events;
}

test("writes are answered when their transaction has been committed, not before", async () => {
  const events = await publishThree(() => undefined);
  expect(events).toEqual(["COMMIT", "value", "value", "value"]);
});

test("writes whose commit cannot be put on disk are answered with that error, all of them", async () => {
  const events = await publishThree(() => {
    throw sqliteError(10 | (4 << 8), "disk I/O error"); // SQLITE_IOERR_FSYNC
  });
  expect(events).toEqual(["COMMIT", "error", "error", "error"]);
});
