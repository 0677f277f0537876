import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { syncPath } from "./data-folder.ts";

/** Copies the store into a new file, which appears only once it is complete and on disk. */
export async function backupTo(
  store: { copyTo(path: string): Promise<void> },
  destination: string,
): Promise<void> {
  refuseExisting(destination);
  const partial = `${destination}.partial`;
  closeSync(openSync(partial, "wx", 0o600));
  try {
    await store.copyTo(partial);
    syncPath(partial);
    refuseExisting(destination);
    renameSync(partial, destination);
    syncPath(dirname(destination));
  } catch (error) {
    for (const suffix of ["", "-wal", "-shm", "-journal"])
      rmSync(partial + suffix, { force: true });
    throw error;
  }
}

function refuseExisting(destination: string): void {
  if (!existsSync(destination)) return;
  throw new Error(`${destination} exists already: a backup is written to a new file`);
}
