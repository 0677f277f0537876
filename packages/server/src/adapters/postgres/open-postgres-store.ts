import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Store } from "../../ports/store.ts";
import { guarded, openDatabase } from "./database.ts";
import { Days } from "./days.ts";
import { openInstallation } from "./installation.ts";
import { migrate } from "./migrations.ts";
import { refuseMoving } from "./moving-target.ts";
import { Places } from "./places.ts";
import { newWriter } from "./rollups.ts";
import { readsOf } from "./reads.ts";
import { refusal } from "./refusal.ts";
import { Upkeep, type StoreLogLine } from "./upkeep.ts";
import { Writes } from "./writes.ts";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host/database`: a secret. */
  readonly url: string;
  /** The steady time of this process. */
  readonly now: () => number;
  /**
   * Fixed when the store is made; an existing store keeps its own.
   * @default 64
   */
  readonly partitions?: number;
  /** What the store did by itself and could not. */
  readonly log?: (line: StoreLogLine) => void;
}

export interface PostgresStore extends Store {
  /** A port for `connectDispatchStore`, to be transferred to the dispatcher's thread. */
  dispatchPort(): MessagePort;
  /** A text that was sealed under the master key of this store; `undefined` while it is new. */
  readonly keyCheck: () => Promise<string | undefined>;
  /** Keeps it for good; where one is kept already, nothing changes. */
  readonly keepKeyCheck: (text: string) => Promise<void>;
}

/** One for publishes, the others for what the API reads and changes. */
const connections = 8;

/** Opens the store of a database and brings its schema up to date. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { now, url } = options;
  const database = openDatabase({ url, connections, name: "posthorn" });
  try {
    await migrate(database);
    await refuseMoving(database);
    const installation = await openInstallation(database, options.partitions ?? 64);
    const days = new Days(database);
    await days.load();
    const places = new Places(installation.partitions);
    const parts = { database, url, installation, days, places, writer: newWriter() };
    const writes = new Writes(parts);
    await writes.open();
    const upkeep = new Upkeep({ ...parts, now, writes, log: options.log ?? (() => undefined) });
    return {
      ...readsOf({ sql: database, places, now }),
      ...writes.methods(),
      installation: () => guarded(installation.installation()),
      check: () => guarded(installation.check()),
      keyCheck: () => guarded(installation.keyCheck()),
      keepKeyCheck: (text) => guarded(installation.keepKeyCheck(text)),
      onChange: (listener) => writes.onChange(listener),
      dispatchPort: () => {
        const { port1, port2 } = new MessageChannel();
        writes.attach(port1);
        return port2;
      },
      close: async () => {
        await upkeep.stop();
        await writes.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw refusal(error);
  }
}
