import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A way to have a running server's disk fail, and to mend it. */
export interface FaultyDisk {
  readonly what: string;
  /** The code that the API has for it. */
  readonly code: string;
  break(): void;
  mend(): void;
}

const ballast = "ballast";

export interface SmallDisk {
  remount(how: "ro" | "rw"): void;
  unmount(): void;
}

/**
 * Puts a file system of some MiB where a data folder shall be. `undefined` when this user may not
 * mount; the caller has to say so.
 */
export function mountSmallDisk(dataDir: string): SmallDisk | undefined {
  mkdirSync(dataDir, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", dataDir]);
  if (mounted.status !== 0) return undefined;
  return {
    remount(how) {
      const done = spawnSync("mount", ["-o", `remount,${how}`, dataDir]);
      if (done.status !== 0) throw new Error(`mount failed: ${String(done.stderr)}`);
    },
    unmount: () => void spawnSync("umount", ["--lazy", dataDir]),
  };
}

/** Fills a mounted disk to its last byte. */
export function fullDisk(dataDir: string): FaultyDisk {
  const path = join(dataDir, ballast);
  return {
    what: "full",
    code: "disk_full",
    break() {
      const file = openSync(path, "w");
      try {
        for (let size = 2 ** 20; size >= 1; size /= 2) writeUntilFull(file, Buffer.alloc(size));
      } finally {
        closeSync(file);
      }
    },
    mend: () => rmSync(path),
  };
}

function writeUntilFull(file: number, piece: Buffer): void {
  for (;;) {
    try {
      writeSync(file, piece);
    } catch {
      return;
    }
  }
}

/** Lets no file of a process grow: what any user may do to its own processes. */
export function stuckDisk(dataDir: string, pid: number): FaultyDisk {
  const limit = (bytes: number | "unlimited"): void => {
    const done = spawnSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
    if (done.status !== 0) throw new Error(`prlimit failed: ${String(done.stderr)}`);
  };
  return {
    what: "refusing to write",
    code: "store_io_error",
    break: () => limit(statSync(join(dataDir, "posthorn.sqlite-wal")).size),
    mend: () => limit("unlimited"),
  };
}
