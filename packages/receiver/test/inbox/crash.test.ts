import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createReceiver, sign, standardWebhooks } from "../../src/index.ts";
import type { Receiver } from "../../src/index.ts";
import { startPostgres } from "../../../server/test/kit/postgres-server.ts";
import { until } from "../../../server/test/kit/until.ts";
import { openInbox } from "../kit/open-inbox.ts";
import type { InboxKind, OpenInbox } from "../kit/open-inbox.ts";
import { startRedis } from "../kit/redis-server.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const worker = fileURLToPath(new URL("../kit/crashing-worker.ts", import.meta.url));
const count = 120;

/** Where an inbox of the kind is, and how to be rid of what serves it. */
interface Place {
  readonly where: string;
  readonly remove: () => unknown;
}

async function placeOf(kind: InboxKind, folder: string): Promise<Place> {
  switch (kind) {
    case "sqlite":
      return { where: join(folder, "inbox.db"), remove: () => undefined };
    case "postgres":
    case "postgres-transactional": {
      const server = await startPostgres({ fsync: false });
      return { where: server.url, remove: () => server.remove() };
    }
    case "redis": {
      const server = await startRedis();
      return { where: server.url, remove: () => server.remove() };
    }
  }
}

describe.each(["sqlite", "postgres", "postgres-transactional", "redis"] as const)("%s", (kind) => {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-crash-"));
  const log = join(folder, "log");
  const children: ChildProcess[] = [];
  let place: Place;
  let opened: OpenInbox;
  let receiver: Receiver;

  beforeAll(async () => {
    place = await placeOf(kind, folder);
    opened = await openInbox(kind, place.where);
    receiver = createReceiver({
      scheme: standardWebhooks,
      secrets: secret,
      inbox: opened.inbox,
      background: false,
      on: { "*": () => undefined },
    });
  }, 120_000);
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await opened?.close();
    await place?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function lines(word: string): string[] {
    if (!existsSync(log)) return [];
    return readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.startsWith(`${word} `));
  }

  function startWorker(): ChildProcess {
    const args = [...process.execArgv, worker, kind, place.where, log, secret];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return child;
  }

  async function ready(child: ChildProcess): Promise<void> {
    let output = "";
    child.stdout?.on("data", (chunk) => (output += String(chunk)));
    await until("the worker is ready", () => output.includes("ready"));
  }

  async function kill(child: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async function receive(from: number, to: number): Promise<void> {
    for (let index = from; index < to; index += 1) {
      const message = { id: `msg_${index}`, body: '{"type":"a"}' };
      const { headers, body } = await sign(standardWebhooks, message, secret);
      expect((await receiver.handle({ headers, body })).status).toBe(200);
    }
  }

  function attempts(word: string, id: string): number[] {
    return lines(word)
      .map((line) => line.split(" "))
      .filter((words) => words[1] === id)
      .map((words) => Number(words[2]));
  }

  /** Each event was handled to its end, and once it was, no later run began. Gives how many had several. */
  function repeated(from: number, to: number): number {
    let again = 0;
    for (let index = from; index < to; index += 1) {
      const id = `msg_${index}`;
      expect(attempts("end", id).length).toBeGreaterThan(0);
      const [handledIn] = attempts("handled", id);
      if (handledIn !== undefined) expect(Math.max(...attempts("begin", id))).toBe(handledIn);
      if (attempts("begin", id).length > 1) again += 1;
    }
    return again;
  }

  test("kill -9 in the middle of handlers loses no event, and handles none again that succeeded", async () => {
    await receive(0, count);
    for (const aim of [10, 35, 60, 85]) {
      const child = startWorker();
      await until("it handled some more", () => lines("handled").length >= aim);
      // In the middle of a handler: it began more than it ended.
      await until("handlers run", () => lines("begin").length > lines("end").length);
      await kill(child);
    }
    const last = startWorker();
    await until("all are done", async () => (await receiver.counts()).done === count);
    await kill(last);
    expect(await receiver.counts()).toEqual({ open: 0, done: count, dead: 0, ignored: 0 });
    expect(repeated(0, count)).toBeGreaterThan(0);
  }, 120_000);

  test("nor does kill -9 at any moment, with two workers on the inbox, and while events arrive", async () => {
    const [rounds, each] = [5, 40];
    const survivor = startWorker();
    await ready(survivor);
    for (let round = 0; round < rounds; round += 1) {
      const child = startWorker();
      await ready(child);
      const begun = lines("begin").length;
      const from = count + round * each;
      const arriving = receive(from, from + each);
      await until("some begin", () => lines("begin").length > begun + 5 * round);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      await kill(child);
      await arriving;
    }
    const all = count + rounds * each;
    await until("all are done", async () => (await receiver.counts()).done === all);
    await kill(survivor);
    expect(await receiver.counts()).toEqual({ open: 0, done: all, dead: 0, ignored: 0 });
    repeated(count, all);
  }, 120_000);
});
