import { constants, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createPrivateFile, lockDataFolder, storeFile, syncPath } from "./data-folder.ts";
import { wrapDatabase } from "./database.ts";
import { readSchemaVersion, schemaVersion } from "./migrations.ts";

/**
 * Puts a backup into a data folder that has no store yet. The backup is checked before it gets its
 * name, so a damaged one leaves the folder as it was.
 */
export function restoreSqliteStore(options: {
  readonly from: string;
  readonly dataDir: string;
}): void {
  const { dataDir, from } = options;
  if (!existsSync(from)) throw new Error(`${from} does not exist: name a backup's file`);
  const lock = lockDataFolder(dataDir);
  const target = join(dataDir, storeFile);
  const partial = `${target}.restoring`;
  try {
    if (existsSync(target)) {
      throw new Error(
        `the data folder ${dataDir} has a store already: move it away, or restore to another folder`,
      );
    }
    rmSync(partial, { force: true });
    createPrivateFile(partial);
    copyFileSync(from, partial, constants.COPYFILE_FICLONE);
    createPrivateFile(partial);
    inspect(partial, from);
    syncPath(partial);
    renameSync(partial, target);
    syncPath(dataDir);
  } finally {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(partial + suffix, { force: true });
    lock.release();
  }
}

function inspect(path: string, from: string): void {
  const sqlite = new DatabaseSync(path);
  try {
    const database = wrapDatabase(sqlite);
    const rows = database.prepare<{ integrity_check: string }>("PRAGMA integrity_check").all();
    if (rows[0]?.integrity_check !== "ok") throw new Error("its integrity check fails");
    const version = readSchemaVersion(database);
    if (version === 0) throw new Error("it is no store of Posthorn");
    if (version > schemaVersion) throw new Error("it was made by a newer version of Posthorn");
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Error(`${from} cannot be restored: ${detail}`, { cause: error });
  } finally {
    sqlite.close();
  }
}
