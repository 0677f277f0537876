import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backupSqliteStore } from "../adapters/sqlite/backup-sqlite-store.ts";
import { restoreSqliteStore } from "../adapters/sqlite/restore-sqlite-store.ts";
import { readPrivateFile, writePrivateFile } from "./data-folder.ts";
import { masterKeyCheckFile } from "./master-key.ts";

const backupFile = "posthorn.sqlite";

/** Throws when the store is not in the data folder. */
export function refuseDatabase(store: string): void {
  if (store === "sqlite") return;
  throw new Error("the store is a database: use its own tools, such as pg_dump and pg_restore");
}

/** Copies the store into a new folder, and with it what tells a wrong master key (not the key). */
export async function backupDataFolder(dataDir: string, folder: string): Promise<void> {
  makeNewFolder(folder);
  try {
    await backupSqliteStore({ dataDir, destination: join(folder, backupFile) });
    copyPrivateFile(dataDir, folder, masterKeyCheckFile);
  } catch (error) {
    // Half a backup must not look like one.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Throws, and changes nothing, when the data folder has a store or the backup is damaged. */
export function restoreDataFolder(folder: string, dataDir: string): void {
  const from = join(folder, backupFile);
  if (!existsSync(from)) {
    throw new Error(`${folder} holds no ${backupFile}: name a folder made by \`posthorn backup\``);
  }
  restoreSqliteStore({ from, dataDir });
  copyPrivateFile(folder, dataDir, masterKeyCheckFile);
}

function makeNewFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    throw new Error(`${folder} cannot be made: name a new folder in one that exists`, { cause });
  }
}

function copyPrivateFile(from: string, to: string, name: string): void {
  const text = readPrivateFile(from, name);
  if (text !== undefined && readPrivateFile(to, name) === undefined)
    writePrivateFile(to, name, text);
}
