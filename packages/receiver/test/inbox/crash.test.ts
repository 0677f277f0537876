import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createReceiver, sign, sqliteInbox, standardWebhooks } from "../../src/index.ts";
import { until } from "../../../server/test/kit/until.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const worker = fileURLToPath(new URL("../kit/crashing-worker.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "posthorn-crash-"));
const database = join(folder, "inbox.db");
const log = join(folder, "log");
const count = 120;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lines(word: string): string[] {
  if (!existsSync(log)) return [];
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.startsWith(`${word} `));
}

function startWorker(): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, worker, database, log, secret], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

test("kill -9 in the middle of handlers loses no event, and handles none again that succeeded", async () => {
  const connection = new DatabaseSync(database);
  const receiver = createReceiver({
    scheme: standardWebhooks,
    secrets: secret,
    inbox: sqliteInbox(connection),
    background: false,
    on: { "*": () => undefined },
  });
  for (let index = 0; index < count; index += 1) {
    const message = { id: `msg_${index}`, body: '{"type":"a"}' };
    const { headers, body } = await sign(standardWebhooks, message, secret);
    expect((await receiver.handle({ headers, body })).status).toBe(200);
  }
  let kills = 0;
  for (const aim of [10, 35, 60, 85]) {
    const child = startWorker();
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await until("it handled some more", () => lines("handled").length >= aim);
    // In the middle of a handler: it began more than it ended.
    await until("handlers run", () => lines("begin").length > lines("end").length);
    child.kill("SIGKILL");
    await ended;
    kills += 1;
  }
  const last = startWorker();
  await until("all are done", async () => (await receiver.counts()).done === count);
  last.kill("SIGKILL");

  expect(kills).toBe(4);
  expect(await receiver.counts()).toEqual({ open: 0, done: count, dead: 0, ignored: 0 });
  const attempts = (word: string, id: string): number[] =>
    lines(word)
      .map((line) => line.split(" "))
      .filter((words) => words[1] === id)
      .map((words) => Number(words[2]));
  let again = 0;
  for (let index = 0; index < count; index += 1) {
    const id = `msg_${index}`;
    expect(attempts("end", id).length).toBeGreaterThan(0);
    // Once it was handled, no later attempt began.
    const [handledIn] = attempts("handled", id);
    if (handledIn !== undefined) expect(Math.max(...attempts("begin", id))).toBe(handledIn);
    if (attempts("begin", id).length > 1) again += 1;
  }
  expect(again).toBeGreaterThan(0);
  connection.close();
}, 60_000);
