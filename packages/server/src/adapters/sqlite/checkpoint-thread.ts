/**
 * The entry of the checkpointing thread: copies frames of the WAL into the database file while the
 * store's thread goes on to write. It has a connection of its own, and never holds a transaction.
 */
import { fdatasyncSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

export interface CheckpointThreadData {
  readonly path: string;
  /** Of the database file. Closing it here would drop the locks that SQLite has on the file. */
  readonly descriptor: number;
}

/** What came of a checkpoint: nothing to say, or what went wrong. */
export type CheckpointDone = string | null;

const port = parentPort;
if (port === null) throw new Error("checkpoint-thread is a worker's entry");
const { descriptor, path }: CheckpointThreadData = workerData;
const database = new DatabaseSync(path, { timeout: 5_000 });
database.exec("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256");
const passive = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");

port.on("message", (message: "run" | "close") => {
  if (message === "run") return port.postMessage(checkpoint());
  database.close();
  port.close();
});

/** SQLite syncs the file when the last frame is over, for which the store's thread would then wait. */
function checkpoint(): CheckpointDone {
  try {
    passive.get();
    fdatasyncSync(descriptor);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
