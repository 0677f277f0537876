import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { backupTo } from "./backup.ts";
import { storeFile } from "./data-folder.ts";

/**
 * Copies the store of a data folder into a new file, also while another process works on it: a
 * reader of its own holds nobody up (WAL), and what it copies is the state of one moment.
 */
export async function backupSqliteStore(options: {
  readonly dataDir: string;
  readonly destination: string;
}): Promise<void> {
  const source = join(options.dataDir, storeFile);
  if (!existsSync(source)) throw new Error(`${options.dataDir} has no store to back up`);
  const reader = new DatabaseSync(source, { readOnly: true });
  try {
    await backupTo(
      { copyTo: async (path) => void reader.prepare("VACUUM INTO ?").run(path) },
      options.destination,
    );
  } finally {
    reader.close();
  }
}
