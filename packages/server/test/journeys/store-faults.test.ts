import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import {
  type PosthornProcess,
  endAll,
  newDataDir,
  runPosthorn,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { type Receiver, hang } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";
import { type Answered, type Api, connect } from "./kit/connect.ts";
import { type FaultyDisk, fullDisk, mountSmallDisk, stuckDisk } from "./kit/faulty-disk.ts";
import { readLedger } from "./kit/ledger.ts";
import { closeReceivers, idsOf, receiver } from "./kit/receivers.ts";

const unmounts: (() => void)[] = [];

afterEach(async () => {
  for (const unmount of unmounts.splice(0)) unmount();
  await endAll();
  await closeReceivers();
});

// A write beyond the limit ends a process that has not said that it wants an error instead.
const wantsErrors = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    'process.on("SIGXFSZ",()=>{})',
  )}`,
};

describe("a disk that fails under the running server", () => {
  test("because it is full: it says so, writes nothing by halves, and goes on by itself", async () => {
    const dataDir = newDataDir();
    const disk = mountSmallDisk(dataDir);
    if (disk !== undefined) unmounts.push(() => disk.unmount());
    // Where nobody may mount, the disk refuses to write for another reason; the promise is the same.
    const server = await startPosthorn({ dataDir, env: disk === undefined ? wantsErrors : {} });
    const fault = disk === undefined ? stuckDisk(dataDir, server.pid) : fullDisk(dataDir);
    await expectEndured(server, fault);
  });

  test("because it refuses to write: it says so, writes nothing by halves, and goes on by itself", async () => {
    const dataDir = newDataDir();
    const server = await startPosthorn({ dataDir, env: wantsErrors });
    await expectEndured(server, stuckDisk(dataDir, server.pid));
  });
});

async function expectEndured(server: PosthornProcess, fault: FaultyDisk): Promise<void> {
  const api = connect(server);
  const fast = await receiver();
  const app = await api.application();
  await api.endpoint(app, { url: fast.url });
  const accepted = new Map<string, string>();
  const before = await publish(api, app, "before");
  accepted.set("before", before.id);
  await api.reaches(app, before.id, "delivered");

  fault.break();
  const refused = await publishUntilRefused(api, app, accepted);
  const unavailable = { status: 503, body: { code: fault.code, detail: expect.any(String) } };
  expect(refused.answered).toMatchObject(unavailable);
  expect(refused.answered.headers.get("retry-after")).toBe("1");
  await expectUnavailable(api, app, unavailable);

  fault.mend();
  await until("it is healthy", async () => (await api.ask("GET", "/health")).status === 200);
  // Nothing of what was refused is there: the same eventId is free.
  const again = await publish(api, app, refused.eventId);
  accepted.set(refused.eventId, again.id);
  accepted.set("after", (await publish(api, app, "after")).id);
  for (const id of accepted.values()) await api.reaches(app, id, "delivered");
  expect(idsOf(fast).toSorted()).toEqual([...accepted.values()].toSorted());
  expect(await server.stop()).toBe(0);

  const ledger = await readLedger(server.dataDir);
  expect(ledger).toMatchObject({ integrity: "ok", waiting: 0 });
  expect([...ledger.messages].toSorted()).toEqual([...accepted.keys()].toSorted());
}

/** While it lasts: nothing is taken, health says so, and what is there can be read. */
async function expectUnavailable(
  api: Api,
  app: string,
  unavailable: { readonly status: number; readonly body: object },
): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    expect(await tryPublish(api, app, `refused-${i}`)).toMatchObject(unavailable);
  }
  const body = { name: "another" };
  expect(await api.ask("POST", "/app", { body })).toMatchObject(unavailable);
  expect(await api.ask("GET", "/health")).toMatchObject({
    status: 503,
    body: {
      code: "unhealthy",
      detail: expect.stringContaining("store: "),
      parts: { store: { working: false }, dispatcher: { working: true } },
    },
  });
  expect(await api.done("GET", `/app/${app}/msg?limit=1`)).toMatchObject({ data: [{}] });
}

interface Published {
  readonly id: string;
}

async function publish(api: Api, app: string, eventId: string): Promise<Published> {
  return { id: await api.publish(app, { eventId }) };
}

function tryPublish(api: Api, app: string, eventId: string): Promise<Answered> {
  const payload = { text: "x".repeat(2000) };
  return api.ask("POST", `/app/${app}/msg`, { body: { eventType: "a", eventId, payload } });
}

/** The first messages may still fit into what the store has of its own. */
async function publishUntilRefused(
  api: Api,
  app: string,
  accepted: Map<string, string>,
): Promise<{ readonly eventId: string; readonly answered: Answered }> {
  for (let i = 0; i < 10_000; i += 1) {
    const eventId = `during-${i}`;
    const answered = await tryPublish(api, app, eventId);
    if (answered.status !== 202) return { eventId, answered };
    const { body } = answered;
    if (typeof body === "object" && body !== null && "id" in body) {
      accepted.set(eventId, String(body.id));
    }
  }
  throw new Error("nothing was refused");
}

describe("a stop while nothing can be written", () => {
  const env = { POSTHORN_REQUEST_TIMEOUT_MS: "120000", POSTHORN_RETRY_SCHEDULE: "0,0.2,0.2" };

  interface Stuck {
    readonly server: PosthornProcess;
    readonly app: string;
    readonly message: string;
    readonly slow: Receiver;
    readonly disk: FaultyDisk;
    /** From now on the receiver answers. */
    readonly answer: () => void;
  }

  /** A server with a request under way that hangs, and a disk that refuses to write. */
  async function stuck(): Promise<Stuck> {
    const dataDir = newDataDir();
    let hangs = true;
    const slow = await receiver({
      answer: (request, socket) => (hangs ? hang(request, socket) : {}),
    });
    const server = await startPosthorn({ dataDir, env: { ...env, ...wantsErrors } });
    const api = connect(server);
    const app = await api.application();
    await api.endpoint(app, { url: slow.url, eventTypes: ["slow"] });
    const message = await api.publish(app, { eventType: "slow" });
    await slow.received(1);
    const disk = stuckDisk(dataDir, server.pid);
    disk.break();
    await publishUntilRefused(api, app, new Map());
    return { server, app, message, slow, disk, answer: () => void (hangs = false) };
  }

  test("ends in order once it can be written again, and hands back what was under way", async () => {
    const { server, app, message, slow, disk, answer } = await stuck();
    const stopped = server.stop();
    await until("it fails to record", () => server.output().includes("cannot record outcomes"));
    disk.mend();
    expect(await stopped).toBe(0);
    expect(await readLedger(server.dataDir)).toMatchObject({ integrity: "ok", waiting: 1 });

    answer();
    const again = connect(await startPosthorn({ dataDir: server.dataDir, env }));
    await again.reaches(app, message, "delivered");
    expect(await again.attempts(app, message)).toMatchObject([
      { number: 1, outcome: "unknown", errorClass: "process-ended" },
      { number: 2, outcome: "delivered" },
    ]);
    expect(idsOf(slow)).toEqual([message, message]);
  });

  test("ends by itself when it stays so, and nothing is lost", async () => {
    const { server, app, message, answer } = await stuck();
    expect(await server.stop()).toBe(0);
    expect(server.output()).toContain("ending without them");
    expect(await readLedger(server.dataDir)).toMatchObject({ integrity: "ok", waiting: 1 });

    answer();
    const again = connect(await startPosthorn({ dataDir: server.dataDir, env }));
    await again.reaches(app, message, "delivered");
  });

  test("ends at once when it is told a second time, and nothing is lost", async () => {
    const { server, app, message, answer } = await stuck();
    const first = server.stop();
    await until("it has begun to stop", () => server.output().includes("stopping"));
    const second = server.stop();
    expect(await Promise.all([first, second])).toEqual([130, 130]);
    expect(await readLedger(server.dataDir)).toMatchObject({ integrity: "ok", waiting: 1 });

    answer();
    const again = connect(await startPosthorn({ dataDir: server.dataDir, env }));
    await again.reaches(app, message, "delivered");
  });
});

describe("at the start", () => {
  test("a data folder that cannot be made is refused with what to do", async () => {
    const dataDir = join(fileURLToPath(import.meta.url), "data");
    const ended = await runPosthorn(["serve"], { POSTHORN_DATA_DIR: dataDir, POSTHORN_PORT: "0" });
    expect(ended.code).toBe(1);
    expect(ended.output).toContain(`cannot write to the data folder ${dataDir}`);
  });

  test("a store on a disk that became read-only is refused with what to do", async ({ skip }) => {
    const dataDir = newDataDir();
    const disk = mountSmallDisk(dataDir);
    if (disk === undefined) return skip("this user may not mount a file system");
    unmounts.push(() => disk.unmount());
    const server = await startPosthorn({ dataDir });
    const app = await connect(server).application();
    expect(await server.stop()).toBe(0);
    disk.remount("ro");
    await expect(startPosthorn({ dataDir })).rejects.toThrow(
      /ended with 1:[^]*cannot write to the data folder/,
    );
    disk.remount("rw");
    const again = connect(await startPosthorn({ dataDir }));
    expect(await again.done("GET", "/app")).toMatchObject({ data: [{ id: app }] });
  });
});
