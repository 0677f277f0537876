import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface PosthornProcess {
  readonly url: string;
  readonly adminKey: string;
  /** What it logged so far. */
  log(): string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../packages/server/src/cli/main.ts", import.meta.url));
const adminKey = "demo-admin-key-on-this-machine-only";

/** Runs a server of its own, in development mode, on a free port and in a new folder. */
export async function startPosthorn(
  environment: Readonly<Record<string, string>>,
): Promise<PosthornProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), "posthorn-demo-"));
  const child = spawn(process.execPath, ["--conditions=@posthorn/source", main, "serve", "--dev"], {
    env: {
      ...process.env,
      POSTHORN_PORT: "0",
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_ADMIN_KEY: adminKey,
      ...environment,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let logged = "";
  child.stderr?.on("data", (chunk: Buffer) => (logged += chunk.toString()));
  const url = await listening(child, () => logged);
  return {
    url,
    adminKey,
    log: () => logged,
    stop: async () => {
      await ended(child);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess, logged: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) =>
      reject(new Error(`Posthorn ended with code ${code}:\n${logged()}`)),
    );
    child.stderr?.on("data", () => {
      const url = /"url":"(http[^"]+)"/.exec(logged())?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
