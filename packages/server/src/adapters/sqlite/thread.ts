/** The entry of the store's thread: it alone has the connection. */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { createSystemClock } from "../clock.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { createPrivateFile, lockDataFolder, refuseMoved, storeFile } from "./data-folder.ts";
import { openDatabase } from "./database.ts";
import { Engine } from "./engine.ts";
import { migrate } from "./migrations.ts";
import { carry, type FromStore } from "./protocol.ts";
import { StoreLoop } from "./serve.ts";
import { packFromStore, unpackToStore, type WireToStore } from "./wire.ts";

export interface ThreadData {
  readonly dataDir: string;
  readonly partitions: number;
}

/** Steady, so that a jump of the system's clock neither removes early nor stops the sweep. */
const { now } = createSystemClock();

function open({ dataDir, partitions }: ThreadData) {
  const lock = lockDataFolder(dataDir);
  try {
    refuseMoved(dataDir);
    const path = join(dataDir, storeFile);
    createPrivateFile(path);
    const database = openDatabase(path);
    migrate(database);
    const engine = new Engine(database, { partitions, now });
    return { engine, lock, checkpointer: createCheckpointer(path) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function run(data: ThreadData): void {
  const port = parentPort;
  if (port === null) throw new Error("the store's thread was not started as one");
  const post = (message: FromStore) => port.postMessage(packFromStore(message));
  try {
    const { checkpointer, engine, lock } = open(data);
    const onClosed = () => {
      lock.release();
      post({ kind: "closed" });
      port.close();
    };
    const loop = new StoreLoop(engine, { post, now, onClosed, checkpointer });
    port.on("message", (message: WireToStore) => loop.receive(unpackToStore(message)));
    post({ kind: "opened" });
  } catch (error) {
    post({ kind: "not-opened", error: carry(error) });
    port.close();
  }
}

const data: ThreadData = workerData;
run(data);
