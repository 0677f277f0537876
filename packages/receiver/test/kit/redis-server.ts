import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "redis";
import { freePort } from "../../../server/test/kit/free-port.ts";
import { until } from "../../../server/test/kit/until.ts";

export interface RedisServer {
  readonly url: string;
  remove(): Promise<void>;
}

/** The one of `REDIS_URL`, else one in a temporary folder. Throws where none can be had: that fails the run. */
export async function startRedis(): Promise<RedisServer> {
  const given = process.env["REDIS_URL"];
  if (given !== undefined && given !== "") return { url: given, remove: async () => undefined };
  const { program, libraries } = findProgram();
  const folder = mkdtempSync(join(tmpdir(), "posthorn-redis-"));
  const port = await freePort();
  const options = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder];
  const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const child = spawn(program, [...options, ...durable], {
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  });
  let output = "";
  child.stdout.on("data", (text) => (output = (output + String(text)).slice(-4000)));
  const url = `redis://127.0.0.1:${port}`;
  await until("Redis answers", async () => {
    if (child.exitCode !== null) throw new Error(`Redis ended:\n${output}`);
    return answers(url);
  });
  return {
    url,
    async remove() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.close();
    return true;
  } catch {
    return false; // Not yet.
  }
}

interface Program {
  readonly program: string;
  readonly libraries: string;
}

/** The system's, or the one of Debian's packages, unpacked beside the dependencies: nothing is installed. */
function findProgram(): Program {
  const path = (process.env["PATH"] ?? "").split(":");
  for (const folder of path) {
    for (const name of ["redis-server", "valkey-server"]) {
      const program = join(folder, name);
      if (existsSync(program)) return { program, libraries: "" };
    }
  }
  const folder = fileURLToPath(new URL("../../../../node_modules/.cache/redis", import.meta.url));
  const program = join(folder, "usr/bin/redis-server");
  if (!existsSync(program)) unpackDebianPackages(folder);
  const libraries = join(folder, "usr/lib", `${machine()}-linux-gnu`);
  return { program, libraries };
}

const packages = [
  "redis-server",
  "redis-tools",
  "libatomic1",
  "libjemalloc2",
  "liblzf1",
  "libssl3",
  "libsystemd0",
];

function unpackDebianPackages(folder: string): void {
  const downloads = mkdtempSync(join(tmpdir(), "posthorn-redis-packages-"));
  try {
    download(downloads);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(downloads)) {
      execFileSync("dpkg-deb", ["-x", join(downloads, file), folder]);
    }
  } catch (cause) {
    const advice =
      "install redis-server or valkey-server, or set REDIS_URL to one that the tests may write to";
    throw new Error(`no Redis for the tests: ${advice}`, { cause });
  } finally {
    rmSync(downloads, { recursive: true });
  }
}

function download(folder: string): void {
  const get = (): unknown =>
    execFileSync("apt-get", ["download", ...packages], { cwd: folder, stdio: "pipe" });
  try {
    get();
  } catch {
    // The lists of packages are old, or were never fetched.
    execFileSync("apt-get", ["update"], { stdio: "pipe" });
    get();
  }
}

function machine(): string {
  return process.arch === "arm64" ? "aarch64" : "x86_64";
}
