import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

export const storeFile = "posthorn.sqlite";
const lockFile = "lock.sqlite";
const movedFile = "moved-to-postgres";

export interface FolderLock {
  release(): void;
}

/**
 * Makes the folder for its owner alone and locks it for this process. The lock is SQLite's own on
 * an empty database: the system drops it with the process, however that ends.
 */
export function lockDataFolder(dataDir: string): FolderLock {
  const path = join(dataDir, lockFile);
  try {
    makeFolder(resolve(dataDir));
    createPrivateFile(path);
  } catch (error) {
    throw new Error(
      `cannot write to the data folder ${dataDir}: make it a folder that this user may write to`,
      { cause: error },
    );
  }
  const sqlite = new DatabaseSync(path, { timeout: 0 });
  try {
    sqlite.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    sqlite.close();
    throw new Error(
      `the data folder ${dataDir} is in use by another process: ` +
        "stop that one, or give this one a folder of its own",
      { cause: error },
    );
  }
  return { release: () => sqlite.close() };
}

/** From here on no server starts on the folder's store: what waits there would be sent twice. */
export function noteMoved(dataDir: string): void {
  createPrivateFile(join(dataDir, movedFile));
  syncPath(dataDir);
}

export function refuseMoved(dataDir: string): void {
  const path = join(dataDir, movedFile);
  if (!existsSync(path)) return;
  throw new Error(
    `the store of ${dataDir} was moved to Postgres, or is being moved: set POSTHORN_STORE to that ` +
      `database. To go on with the old store instead, remove ${path}`,
  );
}

/**
 * Not `recursive`: where the system refuses a new folder with ENOENT although its parent is there,
 * as in /proc, Node tries for ever.
 */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process was faster; which of the two may have it is the lock's to say.
    if (!existsSync(path)) throw error;
  }
}

/** SQLite gives -wal and -shm the mode of the database file, so that is made first. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

/** Puts a file or a folder's entries on disk. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
