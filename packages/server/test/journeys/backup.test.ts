import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createClient, type Client } from "@posthorn/client";
import { standardWebhooks, verify } from "@posthorn/receiver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  adminKey,
  endAll,
  newDataDir,
  type PosthornProcess,
  runPosthorn,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { type Receiver, startReceiver } from "../kit/receiver.ts";
import { until } from "../kit/until.ts";

let receiver: Receiver;
let status: number;

beforeEach(async () => {
  status = 200;
  receiver = await startReceiver({ answer: () => ({ status }) });
});

afterEach(async () => {
  await endAll();
  await receiver.close();
});

const path = { app_id: "acme" };
const endpointPath = { ...path, endpoint_id: "first" };
const masterKey = "ab".repeat(32);

function clientOf(server: PosthornProcess): Client {
  return createClient({ url: server.url, token: adminKey });
}

async function publish(api: Client, eventId: string): Promise<void> {
  await api.request("post", "/api/v1/app/{app_id}/msg", {
    path,
    body: { eventType: "invoice.paid", eventId, payload: { eventId } },
  });
}

async function secretOf(api: Client): Promise<string> {
  const where = "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret";
  return (await api.request("get", where, { path: endpointPath })).key;
}

/** A server with one application and one endpoint at the receiver. */
async function startWithEndpoint(env: Record<string, string> = {}): Promise<PosthornProcess> {
  const server = await startPosthorn({ dataDir: newDataDir(), env });
  const api = clientOf(server);
  await api.request("post", "/api/v1/app", { body: { name: "Acme", uid: "acme" } });
  await api.request("post", "/api/v1/app/{app_id}/endpoint", {
    path,
    body: { url: `${receiver.url}/hooks`, uid: "first" },
  });
  return server;
}

async function backUp(dataDir: string): Promise<string> {
  const folder = join(dirname(newDataDir()), "backup");
  const { code, output } = await runPosthorn(["backup", folder], { POSTHORN_DATA_DIR: dataDir });
  expect(output).toContain(`The store was copied to ${folder}.`);
  expect(code).toBe(0);
  return folder;
}

/** With the master key in the file, as it was kept elsewhere. */
async function restore(folder: string, from?: string): Promise<string> {
  const dataDir = newDataDir();
  const { code, output } = await runPosthorn(["restore", folder], { POSTHORN_DATA_DIR: dataDir });
  expect(output).toContain(`put into ${dataDir}`);
  expect(code).toBe(0);
  if (from !== undefined) {
    const key = readFileSync(join(from, "master.key"));
    writeFileSync(join(dataDir, "master.key"), key, { mode: 0o600 });
  }
  return dataDir;
}

describe("a backup", () => {
  test("made while messages are published holds what was accepted before it, whole", async () => {
    const server = await startWithEndpoint();
    const api = clientOf(server);
    let accepted = 0;
    let publishing = true;
    const load = Array.from({ length: 8 }, async (_, lane) => {
      for (let i = 0; publishing; i += 1) {
        await publish(api, `${lane}-${i}`);
        accepted += 1;
      }
    });
    await until("100 messages are accepted", () => accepted >= 100);
    const acceptedBefore = accepted;
    const folder = await backUp(server.dataDir);
    publishing = false;
    await Promise.all(load);

    expect(readdirSync(folder).toSorted()).toEqual(["master.key.check", "posthorn.sqlite"]);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe("700");
    expect((statSync(join(folder, "posthorn.sqlite")).mode & 0o777).toString(8)).toBe("600");
    const copy = new DatabaseSync(join(folder, "posthorn.sqlite"), { readOnly: true });
    expect(copy.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    const { messages } = copy.prepare("SELECT count(*) AS messages FROM messages").get() ?? {};
    copy.close();
    expect(Number(messages)).toBeGreaterThanOrEqual(acceptedBefore);
    expect(Number(messages)).toBeLessThanOrEqual(accepted);
  });

  test("goes on where it was made: secrets are read and waiting deliveries are sent", async () => {
    status = 503;
    const server = await startWithEndpoint({ POSTHORN_RETRY_SCHEDULE: "0,2,2,2" });
    const secret = await secretOf(clientOf(server));
    await publish(clientOf(server), "waits");
    await receiver.received(1);
    await until("the failed attempt is recorded", async () => {
      const where = "/api/v1/app/{app_id}/attempt/msg/{msg_id}";
      const found = await clientOf(server).request("get", where, {
        path: { ...path, msg_id: "waits" },
      });
      return found.data.length > 0;
    });
    const folder = await backUp(server.dataDir);
    await server.kill();

    status = 200;
    const sentBefore = receiver.requests.length;
    const dataDir = await restore(folder, server.dataDir);
    const restored = await startPosthorn({ dataDir });
    expect(await secretOf(clientOf(restored))).toBe(secret);
    const request = (await receiver.received(sentBefore + 1)).at(-1);
    if (request === undefined) throw new Error("expected a request");
    const verdict = await verify(standardWebhooks, request, secret);
    expect(verdict.kind).toBe("verified");
    expect(request.body.toString()).toBe('{"eventId":"waits"}');
  });

  test("needs the master key that it was made under, and says so", async () => {
    const server = await startWithEndpoint({ POSTHORN_MASTER_KEY: masterKey });
    const secret = await secretOf(clientOf(server));
    const folder = await backUp(server.dataDir);
    await server.stop();

    const dataDir = await restore(folder);
    const start = (env: Record<string, string>) => startPosthorn({ dataDir, env });
    await expect(start({})).rejects.toThrow(/ended with 1:[^]*The master key of .* is missing/);
    const other = { POSTHORN_MASTER_KEY: "cd".repeat(32) };
    await expect(start(other)).rejects.toThrow(/ended with 1:[^]*The master key is not the one/);
    const restored = await start({ POSTHORN_MASTER_KEY: masterKey });
    expect(await secretOf(clientOf(restored))).toBe(secret);
  });

  test("is refused where something is, and leaves that as it was", async () => {
    const server = await startWithEndpoint();
    const folder = await backUp(server.dataDir);
    const before = readFileSync(join(folder, "posthorn.sqlite"));
    await publish(clientOf(server), "later");
    const again = await runPosthorn(["backup", folder], { POSTHORN_DATA_DIR: server.dataDir });
    expect(again.code).toBe(1);
    expect(again.output).toMatch(/^.*backup cannot be made: name a new folder/);
    expect(readFileSync(join(folder, "posthorn.sqlite")).equals(before)).toBe(true);
  });

  test("of a folder without a store is refused, and leaves nothing behind", async () => {
    const folder = join(dirname(newDataDir()), "backup");
    const { code, output } = await runPosthorn(["backup", folder], {
      POSTHORN_DATA_DIR: newDataDir(),
    });
    expect(code).toBe(1);
    expect(output).toMatch(/has no store to back up$/m);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("posthorn restore", () => {
  test("refuses a data folder that has a store, and leaves it as it was", async () => {
    const server = await startWithEndpoint();
    const folder = await backUp(server.dataDir);
    await server.stop();
    const before = readFileSync(join(server.dataDir, "posthorn.sqlite"));
    const { code, output } = await runPosthorn(["restore", folder], {
      POSTHORN_DATA_DIR: server.dataDir,
    });
    expect(code).toBe(1);
    expect(output).toContain("has a store already");
    expect(readFileSync(join(server.dataDir, "posthorn.sqlite")).equals(before)).toBe(true);
  });

  test("refuses a folder that no backup made", async () => {
    const dataDir = newDataDir();
    const folder = dirname(newDataDir());
    const { code, output } = await runPosthorn(["restore", folder], { POSTHORN_DATA_DIR: dataDir });
    expect(code).toBe(1);
    expect(output).toContain(`${folder} holds no posthorn.sqlite`);
    expect(existsSync(join(dataDir, "posthorn.sqlite"))).toBe(false);
  });

  test.each([
    ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1)],
    ["overwritten inside", overwrite],
    ["no database", () => Buffer.from("not a database, by any means".repeat(400))],
    ["an empty file", () => Buffer.alloc(0)],
  ])("refuses a backup that is %s", async (_how, damage) => {
    const file = await damagedBackup((path) => writeFileSync(path, damage(readFileSync(path))));
    await expectRefused(file, /cannot be restored: /);
  });

  test("refuses a backup of a newer version", async () => {
    const file = await damagedBackup((path) => {
      const copy = new DatabaseSync(path);
      copy.exec("PRAGMA user_version = 9999");
      copy.close();
    });
    await expectRefused(file, /it was made by a newer version of Posthorn/);
  });
});

/** The pages of the middle third, so that the header still looks right. */
function overwrite(bytes: Buffer): Buffer {
  const third = Math.floor(bytes.length / 3);
  return Buffer.from(bytes).fill(0xa5, third, 2 * third);
}

async function damagedBackup(damage: (file: string) => void): Promise<string> {
  const server = await startPosthorn({ dataDir: newDataDir() });
  const folder = await backUp(server.dataDir);
  await server.stop();
  damage(join(folder, "posthorn.sqlite"));
  return folder;
}

async function expectRefused(folder: string, told: RegExp): Promise<void> {
  const dataDir = newDataDir();
  mkdirSync(dataDir);
  const { code, output } = await runPosthorn(["restore", folder], { POSTHORN_DATA_DIR: dataDir });
  expect(output).toMatch(told);
  expect(code).toBe(1);
  expect(readdirSync(dataDir).filter((name) => name !== "lock.sqlite")).toEqual([]);
}
