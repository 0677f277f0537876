import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Store } from "../../ports/store.ts";
import type { ProcessIdentity } from "../../ports/worker-store.ts";
import type { MeasuredTime } from "../steering.ts";
import { anonymousProcess } from "../sql/anonymous-process.ts";
import { DatabaseTime } from "./database-time.ts";
import { guarded, openDatabase, type Database } from "./database.ts";
import { Days } from "./days.ts";
import { InstallationRow, openInstallation } from "./installation.ts";
import { migrate } from "./migrations.ts";
import { refuseMoving } from "./moving-target.ts";
import { Places } from "./places.ts";
import { newWriter } from "./rollups.ts";
import { SlotKeeper, takeSlot, type TakenSlot } from "./process-slot.ts";
import { readsOf } from "./reads.ts";
import { refusal } from "./refusal.ts";
import { Upkeep, type StoreLogLine } from "./upkeep.ts";
import { Writes } from "./writes.ts";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host/database`: a secret. */
  readonly url: string;
  /** The steady time of this process. */
  readonly now: () => number;
  /** Told the database's time before `now` is called, and again all the while. */
  readonly follow?: (measured: MeasuredTime) => void;
  /**
   * Fixed when the store is made; an existing store keeps its own.
   * @default 64
   */
  readonly partitions?: number;
  /** @default a name, no version, and both roles */
  readonly identity?: ProcessIdentity;
  /** Another process has the place of this one, which cannot write any more. */
  readonly onFatal?: (error: Error) => void;
  /** What the store did by itself and could not. */
  readonly log?: (line: StoreLogLine) => void;
}

export interface PostgresStore extends Store {
  /** A port for `connectDispatchStore`, to be transferred to the dispatcher's thread. */
  dispatchPort(): MessagePort;
  /** Of this process; the dispatcher's thread makes ids in it, too. */
  readonly slot: TakenSlot;
  /** A text that was sealed under the master key of this store; `undefined` while it is new. */
  readonly keyCheck: () => Promise<string | undefined>;
  /** Keeps it for good; where one is kept already, nothing changes. */
  readonly keepKeyCheck: (text: string) => Promise<void>;
}

/** One for publishes, the others for what the API reads and changes. */
const connections = 8;

/** Opens the store of a database and brings its schema up to date. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const database = openDatabase({ url: options.url, connections, name: "posthorn" });
  try {
    await migrate(database);
    await refuseMoving(database);
    const row = await openInstallation(database, options.partitions ?? 64);
    const slot = await takeSlot(database, options.identity ?? anonymousProcess());
    const keeper = new SlotKeeper(database, slot, options.onFatal ?? (() => undefined));
    try {
      const installation = new InstallationRow(database, row, slot);
      return await openOn({ database, installation, keeper, slot }, options);
    } catch (error) {
      await keeper.release();
      throw error;
    }
  } catch (error) {
    await database.close();
    throw refusal(error);
  }
}

interface Opened {
  readonly database: Database;
  readonly installation: InstallationRow;
  readonly keeper: SlotKeeper;
  readonly slot: TakenSlot;
}

async function openOn(
  { database, installation, keeper, slot }: Opened,
  options: PostgresStoreOptions,
): Promise<PostgresStore> {
  const { now, url } = options;
  const time = new DatabaseTime(database, options.follow ?? (() => undefined));
  await time.start();
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
    installation: async () => installation.installation(),
    check: () => guarded(installation.check()),
    keyCheck: () => guarded(installation.keyCheck()),
    keepKeyCheck: (text) => guarded(installation.keepKeyCheck(text)),
    slot,
    onChange: (listener) => writes.onChange(listener),
    dispatchPort: () => {
      const { port1, port2 } = new MessageChannel();
      writes.attach(port1);
      return port2;
    },
    close: async () => {
      time.stop();
      await upkeep.stop();
      await writes.close();
      await keeper.release();
      await database.close();
    },
  };
}
