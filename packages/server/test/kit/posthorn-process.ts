import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dropDatabases, storeVariables } from "./test-store.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const source = "--conditions=@posthorn/source";

export const adminKey = "an-admin-key-for-the-tests";

/** A server in a process of its own, as a user runs it. */
export interface PosthornProcess {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Everything that it wrote to standard output and standard error so far. */
  output(): string;
  /** Ends it at once, as a crash does; the data stays. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. The data stays. */
  stop(): Promise<number | null>;
}

export interface StartOptions {
  readonly dataDir: string;
  /** Strict without it. @default true */
  readonly dev?: boolean;
  /** More of them for `serve`. */
  readonly args?: readonly string[];
  /** `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const running = new Set<ChildProcess>();
const folders: string[] = [];

/** A folder that `endAll` removes. */
export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "posthorn-test-"));
  folders.push(folder);
  return join(folder, "data");
}

/** Starts `posthorn serve` on a free port; resolves when it listens, rejects when it ends instead. */
export async function startPosthorn(options: StartOptions): Promise<PosthornProcess> {
  const args = [...(options.dev === false ? [] : ["--dev"]), ...(options.args ?? [])];
  const child = spawnPosthorn(["serve", ...args], {
    POSTHORN_PORT: "0",
    POSTHORN_DATA_DIR: options.dataDir,
    POSTHORN_ADMIN_KEY: adminKey,
    ...(await storeVariables(options.dataDir)),
    ...options.env,
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.process.once("exit", (code) =>
      reject(new Error(`it ended with ${code}:\n${child.output()}`)),
    );
    child.process.stderr?.on("data", () => {
      const found = /"url":"(http[^"]+)"/.exec(child.output())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const { pid } = child.process;
  if (pid === undefined) throw new Error("the process has no pid");
  return {
    url,
    pid,
    dataDir: options.dataDir,
    output: child.output,
    kill: async () => void (await end(child.process, "SIGKILL")),
    stop: () => end(child.process, "SIGTERM"),
  };
}

/** A command of `posthorn` under way. */
export interface RunningCommand {
  output(): string;
  /** The exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

export function beginPosthorn(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawnPosthorn(args, env);
  return {
    output: child.output,
    ended: exitCode(child.process),
    kill: async () => void (await end(child.process, "SIGKILL")),
  };
}

/** Runs a command of `posthorn` to its end. */
export async function runPosthorn(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawnPosthorn(args, env);
  const code = await exitCode(child.process);
  return { code, output: child.output() };
}

/** For `afterEach`: ends what still runs and removes the folders. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map((child) => end(child, "SIGKILL")));
  for (const folder of folders.splice(0)) {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
  await dropDatabases();
}

function spawnPosthorn(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly process: ChildProcess; readonly output: () => string } {
  const child = spawn(process.execPath, [source, main, ...args], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: tmpdir(),
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let output = "";
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return { process: child, output: () => output };
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    // `close` comes after the last output, `exit` may come before it.
    else child.once("close", (code) => resolve(code));
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = exitCode(child);
  child.kill(signal);
  return ended;
}
