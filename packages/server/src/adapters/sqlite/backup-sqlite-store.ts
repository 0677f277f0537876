import { closeSync, existsSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { storeFile, syncPath } from "./data-folder.ts";

/**
 * Copies the store of a data folder into a new file, also while another process works on it. The
 * file appears only once it is complete and on disk. Rejects when it exists already, or when there
 * is no store.
 */
export async function backupSqliteStore(options: {
  readonly dataDir: string;
  readonly destination: string;
}): Promise<void> {
  const { dataDir, destination } = options;
  const source = join(dataDir, storeFile);
  if (!existsSync(source)) throw new Error(`${dataDir} has no store to back up`);
  refuseExisting(destination);
  const partial = `${destination}.partial`;
  closeSync(openSync(partial, "wx", 0o600));
  try {
    await copySnapshot(source, partial);
    syncPath(partial);
    refuseExisting(destination);
    renameSync(partial, destination);
    syncPath(dirname(destination));
  } catch (error) {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) {
      rmSync(partial + suffix, { force: true });
    }
    throw error;
  }
}

/**
 * A reader of its own holds nobody up (WAL) and copies the state of one moment: without the open
 * snapshot the copy would begin anew with each commit of the writer.
 */
async function copySnapshot(source: string, path: string): Promise<void> {
  const reader = new DatabaseSync(source, { readOnly: true });
  try {
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM installation").get();
    await backup(reader, path, { rate: 256 });
  } finally {
    reader.close();
  }
}

function refuseExisting(destination: string): void {
  if (!existsSync(destination)) return;
  throw new Error(`${destination} exists already: a backup is written to a new file`);
}
