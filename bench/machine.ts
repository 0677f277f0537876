import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { resolve } from "node:path";

/** What the figures depend on; no names and no paths. */
export function describeMachine(folder: string): readonly string[] {
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ` +
      `${Math.round(totalmem() / 2 ** 30)} GB of memory`,
    `${type()} ${release()}, ${fileSystemOf(folder)}`,
    `Node ${process.version}, SQLite ${process.versions["sqlite"] ?? "unknown"}`,
  ];
}

function fileSystemOf(folder: string): string {
  const path = `${resolve(folder)}/`;
  try {
    const mounts = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" "));
    const found = mounts
      .filter(([, at = "-"]) => path.startsWith(at.endsWith("/") ? at : `${at}/`))
      .toSorted(([, a = ""], [, b = ""]) => b.length - a.length)[0];
    return found?.[2] ?? "unknown file system";
  } catch {
    // Not Linux.
    return "unknown file system";
  }
}
