import type { MessagePort } from "node:worker_threads";
import type { DeliveryId, EndpointId, SourceId } from "../../domain/ids.ts";
import type {
  DispatchFeed,
  DispatchStore,
  FeedItem,
  LaneWindow,
  RecordBatch,
  Settlement,
  Target,
} from "../../ports/dispatch-store.ts";
import type { SourceStore } from "../../ports/source-store.ts";
import { Effects } from "../sql/effects.ts";
import { unpackItem } from "../sql/wire-feed.ts";
import { guarded, openDatabase, type Database } from "./database.ts";
import { unavailable } from "./faults.ts";
import { InstallationRow, readInstallation } from "./installation.ts";
import { Ownership, type OwnershipOptions } from "./ownership.ts";
import { Places } from "./places.ts";
import type { TakenSlot } from "./process-slot.ts";
import type { FromStore, ToStore } from "./protocol.ts";
import { expired, readLane, waitingOf } from "./queue.ts";
import { Recorder } from "./record.ts";
import { newWriter } from "./rollups.ts";
import { findSource } from "./sources.ts";
import { readTargets } from "./targets.ts";

export interface ConnectedDispatchStore
  extends DispatchStore, DispatchFeed, Pick<SourceStore, "findSource"> {
  /** Leaves the database and the store, which goes on. */
  disconnect(): Promise<void>;
}

export interface DispatchStoreOptions extends OwnershipOptions {
  /** Of the store. */
  readonly slot: TakenSlot;
}

/** One for outcomes, the others for reads of lanes. */
const connections = 4;

/**
 * The dispatcher's end of a port from `PostgresStore.dispatchPort`, on whatever thread it is, with
 * connections of its own.
 */
export async function connectDispatchStore(
  port: MessagePort,
  url: string,
  options: DispatchStoreOptions,
): Promise<ConnectedDispatchStore> {
  const database = openDatabase({ url, connections, name: "posthorn dispatcher" });
  try {
    const row = await guarded(readInstallation(database));
    const installation = new InstallationRow(database, row, options.slot);
    const places = new Places(installation.partitions);
    const ownership = new Ownership({ ...options, database, url });
    const writer = newWriter();
    const recorder = new Recorder({ database, installation, places, writer });
    return new Link(port, { database, ownership, places, recorder });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface LinkParts {
  readonly database: Database;
  readonly ownership: Ownership;
  readonly places: Places;
  readonly recorder: Recorder;
}

/** What happened to deliveries and targets while a read was under way: its snapshot may be older. */
interface Reading {
  readonly settled: Map<DeliveryId, Settlement>;
  readonly changed: Map<EndpointId, Target>;
}

/**
 * Reads and outcomes go over several connections, and what is committed comes over the port. So that
 * the dispatcher sees them in one order all the same, the answer to a read
 *
 * - waits until the store has told what was committed before it: a delivery that it returns has then
 *   come over the feed already, if it comes at all, and not after it was sent;
 * - leaves out what was settled while it was under way: its snapshot may be older than that.
 */
class Link implements ConnectedDispatchStore {
  readonly #port: MessagePort;
  readonly #parts: LinkParts;
  readonly #readings = new Set<Reading>();
  readonly #syncs = new Map<number, () => void>();
  readonly #buffered: { items: readonly FeedItem[]; bytes: number }[] = [];
  #listener: ((items: readonly FeedItem[]) => void) | undefined;
  #lastSync = 0;
  #ended = false;

  constructor(port: MessagePort, parts: LinkParts) {
    this.#port = port;
    this.#parts = parts;
    port.on("message", (message: FromStore) => this.#receive(message));
    port.on("close", () => this.#end());
  }

  takeOver(worker: string) {
    return guarded(this.#takeOver(worker));
  }

  findSource(id: SourceId) {
    return guarded(findSource(this.#parts.database, id));
  }

  targets(endpoints: readonly EndpointId[]) {
    return guarded(
      this.#read(async (reading) => {
        const targets = await readTargets(this.#parts.database, endpoints);
        await this.#synced();
        return targets.map((target) => reading.changed.get(target.endpoint) ?? target);
      }),
    );
  }

  readLane(read: Parameters<DispatchStore["readLane"]>[0]) {
    const { database, places } = this.#parts;
    return guarded(
      this.#read(async (reading) => {
        const window = await readLane(database, places, read);
        await this.#synced();
        return withoutSettled(window, reading.settled);
      }),
    );
  }

  expired(now: number, limit: number) {
    const { database, places } = this.#parts;
    return guarded(
      this.#read(async ({ settled }) => {
        const found = await expired(database, places, now, limit);
        return found.filter(({ id }) => !settled.has(id));
      }),
    );
  }

  waitingOf(endpoint: EndpointId, limit: number) {
    const { database, places } = this.#parts;
    return guarded(
      this.#read(async ({ settled }) => {
        const found = await waitingOf(database, places, endpoint, limit);
        return found.filter((id) => !settled.has(id));
      }),
    );
  }

  record(batch: RecordBatch) {
    return guarded(this.#record(batch));
  }

  release(epoch: number) {
    return guarded(this.#parts.ownership.release(epoch));
  }

  listen(listener: (items: readonly FeedItem[]) => void): void {
    this.#listener = listener;
    for (const { items, bytes } of this.#buffered.splice(0)) this.#deliver(items, bytes);
  }

  async disconnect(): Promise<void> {
    this.#port.close();
    this.#end();
    await this.#parts.ownership.close();
    await this.#parts.database.close();
  }

  async #takeOver(worker: string) {
    const taken = await this.#parts.ownership.takeOver(worker);
    // Before it looks: what is committed after that must come over the feed.
    this.#post({ kind: "own" });
    await this.#synced();
    return { ...taken, ...(await this.#parts.recorder.look()) };
  }

  async #read<T>(run: (reading: Reading) => Promise<T>): Promise<T> {
    const reading: Reading = { settled: new Map(), changed: new Map() };
    this.#readings.add(reading);
    try {
      return await run(reading);
    } finally {
      this.#readings.delete(reading);
    }
  }

  async #record(batch: RecordBatch): Promise<"recorded" | "lease-lost"> {
    const { database, recorder } = this.#parts;
    const effects = new Effects();
    const answer = await recorder.record(batch, effects);
    if (answer === "lease-lost") return answer;
    for (const settlement of batch.settlements) {
      const id = settlement.kind === "discard" ? settlement.delivery : settlement.attempt.delivery;
      for (const { settled } of this.#readings) settled.set(id, settlement);
    }
    const caused = effects.take();
    if (caused.length === 0) return answer;
    const changed = caused.flatMap((each) => (each.kind === "target" ? [each.endpoint] : []));
    const targets = await readTargets(database, changed);
    this.#deliver([{ kind: "changed", targets }], 0);
    const changes = caused.flatMap((each) => (each.kind === "change" ? [each.change] : []));
    this.#post({ kind: "changes", changes });
    await this.#synced();
    return answer;
  }

  #receive(message: FromStore): void {
    if (message.kind === "feed") {
      this.#deliver(message.items.map(unpackItem), message.bytes);
      return;
    }
    this.#syncs.get(message.id)?.();
    this.#syncs.delete(message.id);
  }

  #deliver(items: readonly FeedItem[], bytes: number): void {
    for (const item of items) if (item.kind === "changed") this.#noteChanged(item.targets);
    if (this.#listener === undefined) {
      this.#buffered.push({ items, bytes });
      return;
    }
    this.#listener(items);
    if (bytes > 0) this.#post({ kind: "credit", bytes });
  }

  #noteChanged(targets: readonly Target[]): void {
    for (const { changed } of this.#readings) {
      for (const target of targets) changed.set(target.endpoint, target);
    }
  }

  async #synced(): Promise<void> {
    if (this.#ended) throw unavailable("closed");
    this.#lastSync += 1;
    const id = this.#lastSync;
    await new Promise<void>((resolve) => {
      this.#syncs.set(id, resolve);
      this.#post({ kind: "sync", id });
    });
    if (this.#ended) throw unavailable("closed");
  }

  #end(): void {
    this.#ended = true;
    for (const resolve of this.#syncs.values()) resolve();
    this.#syncs.clear();
  }

  #post(message: ToStore): void {
    this.#port.postMessage(message);
  }
}

function withoutSettled(
  window: LaneWindow,
  settled: ReadonlyMap<DeliveryId, Settlement>,
): LaneWindow {
  if (settled.size === 0) return window;
  let { nextDue } = window;
  const deliveries = window.deliveries.filter((delivery) => {
    const settlement = settled.get(delivery.id);
    if (settlement === undefined) return true;
    if (settlement.kind !== "retry") return false;
    // Moved: the row that was read may be the one from before.
    if (delivery.attempts >= settlement.attempt.number) return true;
    if (nextDue === null || settlement.due < nextDue) nextDue = settlement.due;
    return false;
  });
  return { deliveries, nextDue };
}
