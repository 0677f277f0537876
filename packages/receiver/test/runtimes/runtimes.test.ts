import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { npmFolder } from "../kit/npm-folder.ts";
import { bundleProgram, compileProgram, installPublished } from "../kit/published.ts";
import { fairReadings } from "../vector-cases.ts";
import { readHandshakes, readVectorFiles } from "../vector-files.ts";
import { verifyAll } from "./verify-all.ts";
import type { Work } from "./verify-all.ts";

/**
 * The package as it is published, on the runtimes that it says it runs on. npm/package.json names them for Linux on x64:
 * there, one that is missing fails.
 */
const onTheirPlatform = process.platform === "linux" && process.arch === "x64";

interface Runtime {
  readonly version: RegExp;
  /** The program, and what stands before the script: Deno grants nothing else. */
  readonly command: (folder: string) => readonly string[];
  readonly sqlite?: "node:sqlite" | "bun:sqlite";
}

const node = (major: number): Runtime => ({
  version: new RegExp(`^v${major}\\.`),
  command: () => [join("node_modules", `node-${major}`, "bin/node")],
  ...(major < 22 ? {} : { sqlite: "node:sqlite" }),
});

const runtimes: Readonly<Record<string, Runtime>> = {
  "Node 20": node(20),
  "Node 22": node(22),
  "Node 26": node(26),
  Bun: {
    version: /^1\./,
    command: () => ["node_modules/@oven/bun-linux-x64-baseline/bin/bun"],
    sqlite: "bun:sqlite",
  },
  Deno: {
    version: /^deno 2\./,
    command: (folder) => [
      "node_modules/@deno/linux-x64-glibc/deno",
      "run",
      "--no-prompt",
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
    ],
    sqlite: "node:sqlite",
  },
};

const folder = mkdtempSync(join(tmpdir(), "posthorn-runtimes-"));
const workFile = join(folder, "work.json");
let provisioned = "";
let programs: { readonly verify: string; readonly inbox: string; readonly worker: string };
let expected: readonly string[];

function newWork(): Work {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const form = { format: "pem", type: "pkcs8" } as const;
  return {
    files: readVectorFiles(),
    handshakes: readHandshakes(),
    keys: {
      rsa: rsa.privateKey.export(form).toString(),
      ec: ec.privateKey.export(form).toString(),
      ecPublic: ec.publicKey.export({ format: "pem", type: "spki" }).toString(),
    },
  };
}

beforeAll(async () => {
  if (onTheirPlatform) provisioned = npmFolder("runtimes", new URL("npm/", import.meta.url));
  installPublished(folder);
  programs = {
    verify: await compileProgram(folder, new URL("verify-program.ts", import.meta.url)),
    inbox: await compileProgram(folder, new URL("inbox-program.ts", import.meta.url)),
    worker: await bundleProgram(folder, new URL("verify-worker.ts", import.meta.url)),
  };
  const work = newWork();
  writeFileSync(workFile, JSON.stringify(work));
  expected = await verifyAll(work);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run({ command }: Runtime, args: readonly string[]): Promise<string> {
  const [program = "", ...before] = command(folder);
  const environment = { PATH: "", HOME: folder, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  const options = { cwd: folder, env: environment, maxBuffer: 2 ** 26, timeout: 120_000 };
  const { stdout } = await promisify(execFile)(
    join(provisioned, program),
    [...before, ...args],
    options,
  );
  return stdout;
}

test("what the runtimes are held to is what the vectors say, for each of 1,399 cases and 25 handshakes", () => {
  const cases = readVectorFiles().flatMap((file) => file.cases);
  const unfair = cases.filter((vector, index) => {
    const [, said] = expected[index]?.split(": ") ?? [];
    return vector.advisory !== true && !fairReadings(vector).includes(said ?? "");
  });
  expect(unfair.map(({ id }) => id)).toEqual([]);
  expect(cases).toHaveLength(1399);
  expect(expected).toHaveLength(1399 + 25 + 7);
  expect(expected.filter((line) => line.includes(": handshake "))).not.toEqual([]);
  expect(expected.at(-1)).toBe("signed as sendgrid: verified");
});

describe.runIf(onTheirPlatform).each(Object.entries(runtimes))("%s", (_name, runtime) => {
  test("is the one that it is meant to be", async () => {
    const [program = ""] = runtime.command(folder);
    const { stdout } = await promisify(execFile)(join(provisioned, program), ["--version"]);
    expect(stdout).toMatch(runtime.version);
  });

  test("verifies, answers and signs the same, byte for byte", async () => {
    const printed = await run(runtime, [programs.verify, workFile]);
    expect(printed.trimEnd().split("\n")).toEqual(expected);
  }, 120_000);
});

const withSqlite = Object.entries(runtimes).flatMap(([name, runtime]) =>
  runtime.sqlite === undefined ? [] : [{ name, runtime, driver: runtime.sqlite }],
);

test.runIf(onTheirPlatform).each(withSqlite)(
  "$name keeps an inbox with $driver from one process to the next",
  async ({ name, runtime, driver }) => {
    const database = join(folder, `${name.replaceAll(" ", "-")}.db`);
    const step = async (word: string): Promise<unknown> =>
      JSON.parse(await run(runtime, [programs.inbox, driver, database, word]));
    expect(await step("receive")).toEqual({
      statuses: Array.from({ length: 40 }, () => 200),
      counts: { open: 20, done: 0, dead: 0, ignored: 0 },
      handled: [],
    });
    const handled = Array.from({ length: 20 }, (_, index) => {
      const body = `{"type":"invoice.paid","name":"Žofie 🦊","id": "msg_${index}"}`;
      return `msg_${index} in run ${index % 3 === 0 ? 2 : 1}: ${body}`;
    });
    expect(await step("handle")).toEqual({
      counts: { open: 0, done: 20, dead: 0, ignored: 0 },
      handled: handled.sort(),
    });
    // All were handled: a third process finds nothing to do, stops at once, and ends.
    expect(await step("handle")).toMatchObject({ handled: [] });
  },
  120_000,
);

test("workerd verifies, answers and signs the same, byte for byte", async () => {
  const worker = new Miniflare({
    modules: true,
    script: readFileSync(programs.worker, "utf8"),
    compatibilityDate: "2026-04-01",
    cf: false,
  });
  try {
    const body = readFileSync(workFile);
    const response = await worker.dispatchFetch("http://worker.example/", { method: "POST", body });
    expect(await response.json()).toEqual(expected);
  } finally {
    await worker.dispose();
  }
}, 120_000);
