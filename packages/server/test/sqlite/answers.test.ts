import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Checkpointer } from "../../src/adapters/sqlite/checkpointer.ts";
import type { Call, FromStore } from "../../src/adapters/sqlite/protocol.ts";
import { StoreLoop } from "../../src/adapters/sqlite/serve.ts";
import { batch, Maker } from "../conformance/fixtures.ts";
import { until } from "../kit/until.ts";
import { openEngine, sqliteError } from "./engine-kit.ts";

let opened: ReturnType<typeof openEngine>;
let maker: Maker;
beforeEach(() => {
  maker = new Maker();
  opened = openEngine();
});
afterEach(() => {
  vi.useRealTimers();
  opened.close();
});

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

/** Lets what is to be done at once be done; timers stand still. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A loop whose commits and answers are counted, with timers that the test moves. */
function startLoop() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const application = maker.application();
  opened.ask("createApplication", application);
  const { epoch } = opened.ask("takeOver", "worker-1");
  const events: string[] = [];
  opened.watch.before = (sql) => {
    if (sql === "COMMIT") events.push(sql);
  };
  const post = (message: FromStore): void => {
    if (message.kind === "answers") for (const { id } of message.answers) events.push(`${id}`);
  };
  const loop = new StoreLoop(opened.engine, { post, now: () => -1, onClosed: () => undefined });
  const record: Call = { id: 1, name: "record", args: [batch(epoch)] };
  const publish: Call = { id: 2, name: "publish", args: [maker.publication(application.id, [])] };
  return { events, loop, record, publish };
}

test("outcomes wait a little for a publish and share its commit", async () => {
  const { events, loop, publish, record } = startLoop();
  loop.receive({ kind: "calls", calls: [record] });
  await settle();
  expect(events).toEqual([]);
  loop.receive({ kind: "calls", calls: [publish] });
  await settle();
  expect(events).toEqual(["COMMIT", "1", "2"]);
});

test("outcomes that nobody joins are committed all the same, also when the store closes", async () => {
  const { events, loop, record } = startLoop();
  loop.receive({ kind: "calls", calls: [record] });
  await settle();
  vi.advanceTimersByTime(5);
  await settle();
  expect(events).toEqual(["COMMIT", "1"]);
  loop.receive({ kind: "calls", calls: [{ ...record, id: 3 }] });
  loop.receive({ kind: "close" });
  await settle();
  expect(events).toEqual(["COMMIT", "1", "COMMIT", "3"]);
  // The loop has closed this one.
  opened = openEngine();
});

test("a checkpoint beside the thread that fails is told, and done here when it is gone", async () => {
  const application = maker.application();
  opened.ask("createApplication", application);
  const begun: ((fault: string | null) => void)[] = [];
  const told: string[] = [];
  const post = (message: FromStore): void => {
    if (message.kind === "log") told.push(message.line.message);
  };
  const checkpointer: Checkpointer = {
    begin: (done) => {
      if (begun.length === 2) return false;
      begun.push(done);
      return true;
    },
    close: () => Promise.resolve(),
    closeFile: () => undefined,
  };
  const onClosed = (): void => undefined;
  const loop = new StoreLoop(opened.engine, { post, now: () => -1, onClosed, checkpointer });
  const content = { body: new Uint8Array(2 ** 20), contentType: null, headers: {} };
  const publish = (): void => {
    const publication = maker.publication(application.id, [], { content });
    loop.receive({ kind: "calls", calls: [{ id: 1, name: "publish", args: [publication] }] });
  };
  for (let messages = 0; messages < 30; messages += 1) publish();
  await until("the log is long", () => begun.length === 1);
  begun[0]?.("database or disk is full");
  expect(told).toEqual(["the checkpoint of the store failed: database or disk is full"]);
  publish();
  await until("another is begun", () => begun.length === 2);
  begun[1]?.(null);
  expect(opened.engine.checkpoints.pendingFrames()).toBeGreaterThan(3_000);
  publish();
  await until("the log was moved", () => opened.engine.checkpoints.pendingFrames() === 0);
  expect(told).toHaveLength(1);
});
