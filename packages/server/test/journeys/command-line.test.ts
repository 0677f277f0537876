import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { createClient } from "@posthorn/client";
import { afterEach, describe, expect, test } from "vitest";
import { settings } from "../../src/app/settings.ts";
import { startReceiver } from "../kit/receiver.ts";
import {
  adminKey,
  endAll,
  newDataDir,
  type PosthornProcess,
  runPosthorn,
  startPosthorn,
} from "../kit/posthorn-process.ts";
import { endTerminals, startOnTerminal } from "../kit/posthorn-terminal.ts";

afterEach(async () => {
  await endTerminals();
  await endAll();
});

describe("posthorn", () => {
  test("shows its commands", async () => {
    const { code, output } = await runPosthorn(["--help"]);
    expect(code).toBe(0);
    for (const name of ["serve", "config", "key", "workers", "backup", "restore"]) {
      expect(output).toMatch(new RegExp(`^  ${name} `, "m"));
    }
  });

  test.each([
    ["serve", "--dev"],
    ["config", "secrets are masked"],
    ["key", "POSTHORN_API_KEY"],
    ["key create", "--app"],
    ["key list", "POSTHORN_URL"],
    ["key revoke", "key_"],
    ["workers", "--json"],
    ["backup", "master key"],
    ["restore", "posthorn backup"],
  ])("%s --help tells of %s", async (command, told) => {
    const { code, output } = await runPosthorn([...command.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(output).toContain(`Usage: posthorn ${command}`);
    expect(output).toContain(told);
  });

  test.each([
    [["nonsense"], "unknown command 'nonsense'"],
    [["serve", "--nonsense"], "unknown option '--nonsense'"],
    [["serve", "extra"], "too many arguments"],
    [["backup"], "missing required argument 'folder'"],
    [[], "Usage: posthorn"],
  ])("refuses %j with exit code 1", async (args, told) => {
    const { code, output } = await runPosthorn(args);
    expect(code).toBe(1);
    expect(output).toContain(told);
  });
});

describe("posthorn config", () => {
  test("prints each setting, where it comes from, and no secret", async () => {
    const file = join(newDataDir(), "posthorn.json");
    mkdirSync(dirname(file));
    writeFileSync(file, JSON.stringify({ maxInFlight: 512, port: 1 }));
    const { code, output } = await runPosthorn(["config"], {
      POSTHORN_CONFIG: file,
      POSTHORN_PORT: "7171",
      POSTHORN_ADMIN_KEY: "a-secret-admin-key",
      POSTHORN_MASTER_KEY: "ab".repeat(32),
      POSTHORN_EGRESS_PROXY: "http://someone:a-password@proxy:3128",
    });
    expect(code).toBe(0);
    const shown = (env: string): string | undefined =>
      new RegExp(`^${env} +(.*)$`, "m").exec(output)?.[1];
    for (const { env } of Object.values(settings)) expect(shown(env)).toBeDefined();
    expect(shown("POSTHORN_PORT")).toBe("7171  (environment)");
    expect(shown("POSTHORN_MAX_IN_FLIGHT")).toBe("512  (file)");
    expect(shown("POSTHORN_HOST")).toBe("127.0.0.1  (default)");
    for (const env of ["POSTHORN_ADMIN_KEY", "POSTHORN_MASTER_KEY", "POSTHORN_EGRESS_PROXY"]) {
      expect(shown(env)).toBe("********  (environment)");
    }
    expect(output).not.toMatch(/secret-admin|abab|a-password/);
  });

  test.each(["config", "serve"])("%s tells all faults at once, and no secret", async (command) => {
    const { code, output } = await runPosthorn([command], {
      POSTHORN_DATA_DIR: newDataDir(),
      POSTHORN_PRT: "7070",
      POSTHORN_PORT: "high",
      POSTHORN_ADMIN_KEY: "too-short",
      POSTHORN_MASTER_KEY: "not-32-bytes",
    });
    expect(code).toBe(1);
    expect(output).toBe(
      "The configuration has 4 faults:\n" +
        "  - POSTHORN_PRT: is not a setting; did you mean POSTHORN_PORT?\n" +
        "  - POSTHORN_PORT: must be a whole number from 0 to 65535\n" +
        "  - POSTHORN_ADMIN_KEY: must have 16 characters or more\n" +
        "  - POSTHORN_MASTER_KEY: must be 32 bytes in base64 or hexadecimal (openssl rand -base64 32)\n",
    );
  });
});

describe("posthorn serve", () => {
  test("ends with a reason when its port is taken", async () => {
    const taken = await startReceiver();
    const { code, output } = await runPosthorn(["serve"], {
      POSTHORN_DATA_DIR: newDataDir(),
      POSTHORN_PORT: String(taken.port),
    });
    await taken.close();
    expect(code).toBe(1);
    expect(output).toMatch(
      new RegExp(`^cannot listen at 127\\.0\\.0\\.1:${taken.port}: .*EADDRINUSE`, "m"),
    );
  });

  test("ends with a reason when its data folder cannot be written to", async () => {
    const file = newDataDir();
    writeFileSync(file, "");
    const { code, output } = await runPosthorn(["serve"], {
      POSTHORN_DATA_DIR: join(file, "data"),
      POSTHORN_PORT: "0",
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^cannot write to the data folder /m);
  });

  test("ends with a reason when another process has its data folder", async () => {
    const { dataDir } = await startPosthorn({ dataDir: newDataDir() });
    const { code, output } = await runPosthorn(["serve"], {
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_PORT: "0",
    });
    expect(code).toBe(1);
    expect(output).toContain(`the data folder ${dataDir} is in use by another process`);
  });

  test("logs JSON, an object a line, and ends with 0 on SIGTERM", async () => {
    const server = await startPosthorn({ dataDir: newDataDir() });
    expect(await server.stop()).toBe(0);
    const lines = server.output().trim().split("\n");
    const messages = lines.map((line): { msg: string } => JSON.parse(line)).map(({ msg }) => msg);
    expect(messages).toContain(`Posthorn listens at ${server.url}`);
    expect(messages.at(-1)).toBe("stopped");
  });

  test("logs for people on a terminal", async () => {
    const terminal = await startOnTerminal({
      POSTHORN_DATA_DIR: newDataDir(),
      POSTHORN_ADMIN_KEY: adminKey,
    });
    expect(await terminal.interrupt()).toBe(0);
    expect(terminal.screen()).toMatch(/\d\d:\d\d:\d\d\.\d{3}.*INFO.*Posthorn listens at http/);
    expect(terminal.screen()).not.toContain('{"level"');
  });
});

describe("posthorn key", () => {
  let server: PosthornProcess;
  let environment: Record<string, string>;

  async function start(): Promise<void> {
    server = await startPosthorn({ dataDir: newDataDir() });
    environment = { POSTHORN_URL: server.url, POSTHORN_API_KEY: adminKey };
  }

  test("makes an admin key, lists it without its token, and revokes it", async () => {
    await start();
    const made = await runPosthorn(["key", "create", "for the tests"], environment);
    expect(made.code).toBe(0);
    const token = /^(phk_\S+)$/m.exec(made.output)?.[1] ?? "";
    const id = /^(key_\S+) was made/m.exec(made.output)?.[1] ?? "";
    expect(await statusWith(token, "/api/v1/app")).toBe(200);

    const listed = await runPosthorn(["key", "list"], environment);
    expect(listed.output).toMatch(new RegExp(`^${id}\tadmin\t\\S+\tin force\tfor the tests$`, "m"));
    expect(listed.output).not.toContain(token);

    const revoked = await runPosthorn(["key", "revoke", id], environment);
    expect(revoked).toEqual({ code: 0, output: `${id} is revoked.\n` });
    expect(await statusWith(token, "/api/v1/app")).toBe(401);
    const after = await runPosthorn(["key", "list"], environment);
    expect(after.output).toMatch(new RegExp(`^${id}\tadmin\t\\S+\trevoked \\S+\tfor`, "m"));
  });

  test("makes a key that may use one application only", async () => {
    await start();
    const api = createClient({ url: server.url, token: adminKey });
    for (const uid of ["own", "other"]) {
      await api.request("post", "/api/v1/app", { body: { name: uid, uid } });
    }
    const made = await runPosthorn(["key", "create", "own only", "--app", "own"], environment);
    const token = /^(phk_\S+)$/m.exec(made.output)?.[1] ?? "";
    expect(await statusWith(token, "/api/v1/app/own")).toBe(200);
    expect(await statusWith(token, "/api/v1/app/other")).toBe(404);
    expect(await statusWith(token, "/api/v1/app")).toBe(403);

    const refused = await runPosthorn(["key", "list"], { ...environment, POSTHORN_API_KEY: token });
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/^The API key may not do this/);
    const missing = await runPosthorn(["key", "create", "none", "--app", "nobody"], environment);
    expect(missing.code).toBe(1);
    expect(missing.output).toMatch(/no such application/i);
  });

  test("says what is wrong with the key or the address, and never shows the key", async () => {
    await start();
    const wrong = await runPosthorn(["key", "list"], {
      ...environment,
      POSTHORN_API_KEY: "phk_wrong-one",
    });
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(/missing, unknown or revoked/);

    const none = await runPosthorn(["key", "list"], { POSTHORN_URL: server.url });
    expect(none).toEqual({ code: 1, output: expect.stringMatching(/^Set POSTHORN_API_KEY to /) });

    const broken = await runPosthorn(["key", "list"], {
      ...environment,
      POSTHORN_API_KEY: "phk_hidden\nkey",
    });
    expect(broken.code).toBe(1);
    expect(broken.output).toMatch(/^POSTHORN_API_KEY has a character/);
    expect(broken.output).not.toContain("hidden");

    const nowhere = await runPosthorn(["key", "list"], {
      ...environment,
      POSTHORN_URL: "localhost:7070",
    });
    expect(nowhere.output).toMatch(/^POSTHORN_URL must be an http or https URL/);

    await server.stop();
    const gone = await runPosthorn(["key", "list"], environment);
    expect(gone.code).toBe(1);
    expect(gone.output).toMatch(
      new RegExp(`^No answer from ${server.url}: is the server running there\\? .*ECONNREFUSED`),
    );
  });

  async function statusWith(token: string, path: string): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(server.url + path, { headers })).status;
  }
});

describe("posthorn workers", () => {
  test("shows the one process of the embedded store, and its partitions", async () => {
    const server = await startPosthorn({ dataDir: newDataDir() });
    const environment = { POSTHORN_URL: server.url, POSTHORN_API_KEY: adminKey };
    const name = `${hostname()}:${server.pid}`;
    const shown = await runPosthorn(["workers"], environment);
    expect(shown.code).toBe(0);
    const lines = shown.output.trim().split("\n");
    expect(lines[0]).toMatch(/^PROCESS +VERSION +ROLES +SLOT +SINCE +STATE +PARTITIONS$/);
    expect(lines[1]).toMatch(/^\S+ +\d+\.\d+\.\d+ +api,worker +0 +\S+Z +alive +64$/);
    expect(lines[1]).toContain(name);
    expect(lines[3]).toMatch(/^PARTITION +OWNER +SINCE +EPOCH +WAITING +BEHIND$/);
    expect(lines.slice(4)).toHaveLength(64);
    expect(lines[4]).toMatch(/^0 +\S+ +\S+Z +1 +0 +-$/);

    const json = await runPosthorn(["workers", "--json"], environment);
    expect(JSON.parse(json.output)).toMatchObject({
      processes: [{ name, slot: 0, alive: true }],
      partitions: expect.arrayContaining([expect.objectContaining({ partition: 63, owner: name })]),
    });
    const refused = await runPosthorn(["workers"], { POSTHORN_URL: server.url });
    expect(refused).toEqual({ code: 1, output: expect.stringMatching(/^Set POSTHORN_API_KEY/) });
  });
});
