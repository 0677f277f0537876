import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Stands between a server and the system: sees its syncs and answers, and makes syncs fail. */
export interface SyncShim {
  readonly env: Readonly<Record<string, string>>;
  /** What has happened so far, in order. */
  events(): readonly string[];
  failSyncs(): void;
  mend(): void;
}

/**
 * Builds it into a folder. `undefined` where there is none to be had, which is without a C compiler
 * or the dynamic linker of Linux; the caller has to say so.
 */
export function buildSyncShim(folder: string): SyncShim | undefined {
  if (process.platform !== "linux") return undefined;
  mkdirSync(folder, { recursive: true });
  const library = join(folder, "sync-shim.so");
  const source = fileURLToPath(new URL("sync-shim.c", import.meta.url));
  const built = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
  if (built.error !== undefined) return undefined;
  if (built.status !== 0) throw new Error(`cc failed: ${String(built.stderr)}`);
  const log = join(folder, "events");
  const fail = join(folder, "fail");
  return {
    env: { LD_PRELOAD: library, SHIM_LOG: log, SHIM_FAIL: fail },
    events: () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []),
    failSyncs: () => writeFileSync(fail, ""),
    mend: () => rmSync(fail),
  };
}
