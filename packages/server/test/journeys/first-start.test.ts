import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { endAll, newDataDir, startPosthorn } from "../kit/posthorn-process.ts";
import { endTerminals, startOnTerminal } from "../kit/posthorn-terminal.ts";

afterEach(async () => {
  await endTerminals();
  await endAll();
});

/** Without a key of the test's own. */
const unset = { POSTHORN_ADMIN_KEY: undefined };

describe("the first start without a terminal", () => {
  test("writes an admin key to a private file, and logs the file's name only", async () => {
    const dataDir = newDataDir();
    const server = await startPosthorn({ dataDir, env: unset });
    const file = join(dataDir, "admin.key");
    const token = readFileSync(file, "utf8").trim();
    expect(token).toMatch(/^phk_\S{43}$/);
    expect(await statusWith(server.url, token)).toBe(200);
    expect(server.output()).toContain(file);
    expect(server.output()).not.toContain(token);
  });

  test("makes no second key at the second start, and the first one goes on", async () => {
    const dataDir = newDataDir();
    const first = await startPosthorn({ dataDir, env: unset });
    const token = readFileSync(join(dataDir, "admin.key"), "utf8").trim();
    await first.stop();
    const second = await startPosthorn({ dataDir, env: unset });
    expect(second.output()).not.toContain("admin.key");
    expect(await statusWith(second.url, token)).toBe(200);
    expect(storedHashes(dataDir)).toEqual([sha256(token)]);
  });

  test("keeps everything for its user alone", async () => {
    const dataDir = newDataDir();
    await startPosthorn({ dataDir, env: unset });
    expect(modeOf(dataDir)).toBe("700");
    const modes = readdirSync(dataDir).map((name) => [name, modeOf(join(dataDir, name))]);
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        "admin.key",
        "master.key",
        "master.key.check",
        "posthorn.sqlite",
        "posthorn.sqlite-wal",
      ]),
    );
    expect(modes.filter(([, mode]) => mode !== "600")).toEqual([]);
  });

  test("leaves no key in the store but its hash", async () => {
    const dataDir = newDataDir();
    const server = await startPosthorn({ dataDir, env: unset });
    const token = readFileSync(join(dataDir, "admin.key"), "utf8").trim();
    await server.stop();
    expect(readFileSync(join(dataDir, "posthorn.sqlite")).includes(token)).toBe(false);
    expect(storedHashes(dataDir)).toEqual([sha256(token)]);
  });
});

describe("the first start on a terminal", () => {
  test("shows a key once, with a command that works as it stands", async () => {
    const environment = { POSTHORN_DATA_DIR: newDataDir() };
    const first = await startOnTerminal(environment);
    const token = /(phk_\S+)\n/.exec(first.screen())?.[1] ?? "";
    const command = /^ +(curl [^]*?)\n\n/m.exec(first.screen())?.[1] ?? "";
    const { stdout } = await promisify(execFile)("sh", ["-c", command]);
    expect(JSON.parse(stdout)).toMatchObject({ name: "My first application" });
    expect(readdirSync(environment.POSTHORN_DATA_DIR)).not.toContain("admin.key");
    expect(await first.interrupt()).toBe(0);

    const second = await startOnTerminal(environment);
    expect(second.screen()).not.toContain("phk_");
    expect(await statusWith(second.url, token)).toBe(200);
  });
});

describe("POSTHORN_ADMIN_KEY", () => {
  test("is adopted, and ends the one before it when it changes", async () => {
    const dataDir = newDataDir();
    const [before, after] = ["the-first-admin-key", "the-second-admin-key"];
    const first = await startPosthorn({ dataDir, env: { POSTHORN_ADMIN_KEY: before } });
    expect(await statusWith(first.url, before)).toBe(200);
    expect(readdirSync(dataDir)).not.toContain("admin.key");
    await first.stop();

    const second = await startPosthorn({ dataDir, env: { POSTHORN_ADMIN_KEY: after } });
    expect(await statusWith(second.url, after)).toBe(200);
    expect(await statusWith(second.url, before)).toBe(401);
    expect(first.output() + second.output()).not.toMatch(/the-(first|second)-admin-key/);
  });

  test("cannot be one that was ended", async () => {
    const dataDir = newDataDir();
    for (const key of ["the-first-admin-key", "the-second-admin-key"]) {
      await (await startPosthorn({ dataDir, env: { POSTHORN_ADMIN_KEY: key } })).stop();
    }
    const again = startPosthorn({ dataDir, env: { POSTHORN_ADMIN_KEY: "the-first-admin-key" } });
    await expect(again).rejects.toThrow(
      /ended with 1:[^]*POSTHORN_ADMIN_KEY was revoked and stays so/,
    );
  });
});

async function statusWith(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/api/v1/app`, { headers })).status;
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function storedHashes(dataDir: string): unknown[] {
  const store = new DatabaseSync(join(dataDir, "posthorn.sqlite"), { readOnly: true });
  try {
    return store
      .prepare("SELECT token_hash FROM api_keys")
      .all()
      .map(({ token_hash: hash }) =>
        hash instanceof Uint8Array ? Buffer.from(hash).toString("hex") : hash,
      );
  } finally {
    store.close();
  }
}
