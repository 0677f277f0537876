/**
 * What users get: the packages as npm packs them, installed into an empty folder, served, and
 * verified with. `npm install` fetches the dependencies from the registry.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startReceiver } from "../packages/server/test/kit/receiver.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "posthorn-packed-"));
const installed = join(folder, "installed");
const packages = ["receiver", "client", "server"] as const;
const patienceMs = 300_000;

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** This Node first, and no trace of the npm that runs the tests: it would install into its folder. */
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: dirname(process.execPath) + delimiter + (process.env["PATH"] ?? ""),
  npm_config_local_prefix: undefined,
  npm_config_json: undefined,
  NODE_OPTIONS: undefined,
  // Each run installs into a new folder, so nothing cached would be found again, and all be kept.
  NODE_COMPILE_CACHE: undefined,
};

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const options = { cwd, env: environment, maxBuffer: 64 * 2 ** 20, timeout: patienceMs };
  return promisify(execFile)(command, args, options);
}

function script(name: string, text: string): string {
  const path = join(installed, name);
  writeFileSync(path, text);
  return path;
}

async function runScript(name: string, text: string): Promise<string> {
  const { stdout } = await run(process.execPath, [script(name, text)], installed);
  return stdout;
}

const packed = new Map<string, PackReport>();

beforeAll(async () => {
  await run("npm", ["run", "build"], root);
  for (const name of packages) {
    const { stdout } = await run(
      "npm",
      ["pack", "--json", "--pack-destination", folder],
      join(root, "packages", name),
    );
    const [report]: PackReport[] = JSON.parse(stdout);
    if (report !== undefined) packed.set(name, report);
  }
  mkdirSync(installed);
  writeFileSync(join(installed, "package.json"), '{ "private": true }');
  const tarballs = [...packed.values()].map((report) => join(folder, report.filename));
  await run("npm", ["install", "--no-audit", "--no-fund", ...tarballs], installed);
}, patienceMs);

afterAll(() => rmSync(folder, { recursive: true, force: true }), patienceMs);

describe("the packages", () => {
  test.each(packages)("%s holds what is published and nothing else", (name) => {
    const files = packed.get(name)?.files.map((file) => file.path) ?? [];
    const expected = ["LICENSE", "README.md", "package.json"];
    if (name === "server") expected.push("bin/posthorn.cjs");
    if (name === "receiver") expected.push("bin/posthorn-receiver.cjs");
    expect(files.filter((path) => !path.startsWith("dist/")).toSorted()).toEqual(
      expected.toSorted(),
    );
    const compiled = files.filter((path) => path.startsWith("dist/"));
    expect(compiled).toContain("dist/index.js");
    expect(compiled).toContain("dist/index.d.ts");
    expect(compiled.filter((path) => !/\.(js|d\.ts)$/.test(path))).toEqual([]);
    expect(compiled.filter((path) => /\.test\.|\/test\//.test(path))).toEqual([]);
  });

  test.each(packages)("%s has the licence of the whole", (name) => {
    const own = readFileSync(join(root, "packages", name, "LICENSE"), "utf8");
    expect(own).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
  });

  test("install without running a script", () => {
    const lock: { packages: Record<string, { hasInstallScript?: boolean }> } = JSON.parse(
      readFileSync(join(installed, "package-lock.json"), "utf8"),
    );
    const names = Object.keys(lock.packages);
    expect(names).toContain("node_modules/posthorn");
    expect(names.filter((name) => lock.packages[name]?.hasInstallScript)).toEqual([]);
  });

  test("are imported and required", async () => {
    const check = `
      const names = [typeof receiver.verify, typeof client.createClient, typeof server.buildServer];
      console.log(names.join(" "));`;
    const imported = await runScript(
      "imported.mjs",
      `import * as receiver from "@posthorn/receiver";
       import * as client from "@posthorn/client";
       import * as server from "posthorn"; ${check}`,
    );
    const required = await runScript(
      "required.cjs",
      `const receiver = require("@posthorn/receiver");
       const client = require("@posthorn/client");
       const server = require("posthorn"); ${check}`,
    );
    expect(imported.trim()).toBe("function function function");
    expect(required).toBe(imported);
  });

  test("bring types that a strict consumer compiles with", async () => {
    script(
      "consumer.mts",
      `import { createClient, PosthornError } from "@posthorn/client";
       import { github, verify } from "@posthorn/receiver";
       import { stripe } from "@posthorn/receiver/schemes/stripe";
       const api = createClient({ url: "http://127.0.0.1", token: "key" });
       const app = await api.request("post", "/api/v1/app", { body: { name: "Acme" } });
       export const id: string = app.id;
       // @ts-expect-error: a name must be text
       void api.request("post", "/api/v1/app", { body: { name: 1 } });
       const request = { headers: new Headers(), body: new Uint8Array() };
       const verdict = await verify(github, request, "whsec_AAAA");
       export const reason: string = verdict.kind === "rejected" ? verdict.reason : verdict.scheme;
       export const name: string = stripe.name;
       export const failed = (error: unknown) => error instanceof PosthornError && error.status;`,
    );
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const options = "--noEmit --strict --module nodenext --target es2024 --lib es2024,dom --types";
    await run(
      process.execPath,
      [compiler, ...options.split(" "), "", "--ignoreConfig", "consumer.mts"],
      installed,
    );
  });
});

describe("the installed posthorn", () => {
  test("serves, delivers, and its deliveries verify with the installed receiver", async () => {
    const receiver = await startReceiver();
    const server = await serve();
    try {
      const made = await runScript(
        "publish.mjs",
        `import { createClient } from "@posthorn/client";
         const api = createClient({ url: ${JSON.stringify(server.url)}, token: "${adminKey}" });
         const app = await api.request("post", "/api/v1/app", { body: { name: "Acme" } });
         const path = { app_id: app.id };
         const endpoint = await api.request("post", "/api/v1/app/{app_id}/endpoint", {
           path, body: { url: ${JSON.stringify(receiver.url)} + "/hooks" },
         });
         const { key } = await api.request("get", "/api/v1/app/{app_id}/endpoint/{endpoint_id}/secret", {
           path: { ...path, endpoint_id: endpoint.id },
         });
         const { id } = await api.request("post", "/api/v1/app/{app_id}/msg", {
           path, body: { eventType: "invoice.paid", payload: { amount: 4900 } },
         });
         console.log(JSON.stringify({ key, id }));`,
      );
      const { key, id }: { key: string; id: string } = JSON.parse(made);
      const [request] = await receiver.received(1);
      const { headers, body } = request ?? { headers: {}, body: Buffer.alloc(0) };
      const input = { headers, body: body.toString("utf8"), key };
      const verdict = await runScript(
        "verify.mjs",
        `import { standardWebhooks, verify } from "@posthorn/receiver";
         const { headers, body, key } = ${JSON.stringify(input)};
         const check = (text) =>
           verify(standardWebhooks, { headers, body: new TextEncoder().encode(text) }, key);
         const [good, bad] = [await check(body), await check(body + " ")];
         console.log(good.kind, good.eventId, bad.kind);`,
      );
      expect(verdict.trim()).toBe(`verified ${id} rejected`);
      expect(input.body).toBe('{"amount":4900}');
    } finally {
      expect(await server.stop()).toBe(0);
      await receiver.close();
    }
  });

  test("says in one line what it needs when Node is too old", async () => {
    const old = script(
      "old-node.cjs",
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.17.1" } });`,
    );
    const command = join(installed, "node_modules/posthorn/bin/posthorn.cjs");
    const started = run(process.execPath, ["--require", old, command, "--help"], installed);
    await expect(started).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^posthorn needs Node 22\.18 or later and this is 22\.17\.1\..+\n$/,
      ),
    });
  });

  test("has the version of its manifest", async () => {
    const { stdout } = await run(command(), ["--version"], installed);
    const manifest: { version: string } = JSON.parse(
      readFileSync(join(root, "packages/server/package.json"), "utf8"),
    );
    expect(stdout.trim()).toBe(manifest.version);
  });
});

describe("the installed posthorn-receiver", () => {
  const secret = "a-secret-of-the-tests";

  async function check(url: string, ...args: readonly string[]): Promise<unknown> {
    const program = join(installed, "node_modules/.bin/posthorn-receiver");
    const flags = ["check", url, "--scheme", "github", "--secret-env", "HOOK_SECRET", ...args];
    const env = { ...environment, HOOK_SECRET: secret };
    return promisify(execFile)(program, flags, { cwd: installed, env, timeout: patienceMs });
  }

  test("finds no fault in the installed receiver, and one where nothing is verified", async () => {
    const path = script(
      "receiver.mjs",
      `import { createServer } from "node:http";
       import { createReceiver, github, memoryInbox } from "@posthorn/receiver";
       import { toNode } from "@posthorn/receiver/node";
       const receiver = createReceiver({
         scheme: github, secrets: "${secret}", inbox: memoryInbox(),
         onNotice: () => {}, on: { "*": () => {} },
       });
       const door = toNode(receiver);
       const careless = (request, response) => request.resume().on("end", () => response.end());
       for (const listener of [(a, b) => void door(a, b), careless]) {
         const server = createServer(listener).listen(0, "127.0.0.1", () => {
           console.log("http://127.0.0.1:" + server.address().port);
         });
       }`,
    );
    const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const urls: string[] = [];
      for await (const line of createInterface(child.stdout)) if (urls.push(line) === 2) break;
      const [good = "", careless = ""] = urls;
      await expect(check(good)).resolves.toMatchObject({
        stdout: expect.stringMatching(/ 0 bad, 1 to note, \d+ skipped\.\n$/),
        stderr: "",
      });
      await expect(check(careless, "--json", "--only", "wrong-signature")).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining('"bad": 1'),
      });
      await expect(check("http://127.0.0.1:1")).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining("cannot be reached"),
      });
    } finally {
      await stop(child);
    }
  });

  test("runs as docs/receiving.md shows it, from the shell and as a function", async () => {
    const page = readFileSync(join(root, "docs/receiving.md"), "utf8");
    const [, section = ""] = page.split("## Trying a receiver");
    const [, shell = ""] = /```sh\n([^]*?)```/.exec(section) ?? [];
    const [, program = ""] = /```js\n([^]*?)```/.exec(section) ?? [];
    // It takes everything: what is tried here is the command.
    const careless = createServer((request, response) => {
      request.resume().on("end", () => response.end());
    });
    await once(careless.listen(0, "127.0.0.1"), "listening");
    const address = careless.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const url = `http://127.0.0.1:${port}/webhooks`;
    try {
      const here = (text: string): string =>
        text.replaceAll(/http:\/\/[\w.]+:3000\/webhooks/g, url).replace("…", secret);
      expect(here(shell)).toContain(url);
      expect(here(program)).toContain(url);
      const wanted = "--skip slow-body\n";
      await expect(
        run("sh", ["-c", here(shell).trimEnd() + ` ${wanted}`], installed),
      ).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^bad {6}wrong-signature +It was accepted: 2/m),
      });
      const out = await runScript("function.mjs", `const secret = "${secret}";\n${here(program)}`);
      expect(out).toMatch(/name: 'wrong-signature'/);
    } finally {
      careless.close();
      careless.closeAllConnections();
    }
  });
});

const adminKey = "an-admin-key-for-the-tests";

function command(): string {
  return join(installed, "node_modules/.bin/posthorn");
}

async function serve(): Promise<{ readonly url: string; stop(): Promise<number | null> }> {
  const child = spawn(command(), ["serve", "--dev"], {
    cwd: installed,
    env: { ...environment, POSTHORN_PORT: "0", POSTHORN_ADMIN_KEY: adminKey },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`it ended with ${code}:\n${output}`)));
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const found = /"url":"(http[^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    child.once("close", (code) => resolve(code));
    child.kill("SIGTERM");
  });
}
