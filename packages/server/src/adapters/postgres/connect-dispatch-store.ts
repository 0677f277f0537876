import type { MessagePort } from "node:worker_threads";
import type { EndpointId, SourceId } from "../../domain/ids.ts";
import type {
  DispatchFeed,
  DispatchStore,
  FeedItem,
  LaneStart,
  RecordBatch,
  Takeover,
} from "../../ports/dispatch-store.ts";
import type { OwnershipChange, PartitionSharing } from "../../ports/partition-sharing.ts";
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
import { Readings, withoutSettled } from "./readings.ts";
import { expired, readLane, waitingOf } from "./queue.ts";
import { Recorder } from "./record.ts";
import { newWriter } from "./rollups.ts";
import type { TakenLease } from "./worker-rows.ts";
import { findSource } from "./sources.ts";
import { readTargets } from "./targets.ts";

export interface ConnectedDispatchStore
  extends DispatchStore, DispatchFeed, PartitionSharing, Pick<SourceStore, "findSource"> {
  /** Leaves the database and the store, which goes on. */
  disconnect(): Promise<void>;
}

export interface DispatchStoreOptions extends OwnershipOptions {
  /** Of the store. */
  readonly slot: TakenSlot;
}

/** One for outcomes, one for looks at leases, the others for reads of lanes. */
const connections = 5;
const lookAgainMs = 500;

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
    const writer = newWriter();
    const recorder = new Recorder({ database, installation, places, writer });
    return new Link(port, { ...options, database, places, recorder, url });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface LinkParts extends OwnershipOptions {
  readonly database: Database;
  readonly url: string;
  readonly places: Places;
  readonly recorder: Recorder;
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
  readonly #ownership: Ownership;
  /** What a batch is written under, also when it is tried again later. */
  readonly #leases = new WeakMap<RecordBatch, ReadonlyMap<number, number>>();
  /** Of each look at new partitions that is under way, what was announced meanwhile. */
  readonly #gains = new Set<LaneStart[]>();
  readonly #changes: OwnershipChange[] = [];
  readonly #readings = new Readings();
  readonly #syncs = new Map<number, () => void>();
  readonly #buffered: { items: readonly FeedItem[]; bytes: number }[] = [];
  #listener: ((items: readonly FeedItem[]) => void) | undefined;
  #onOwnership: ((change: OwnershipChange) => void) | undefined;
  #epoch = 0;
  #lastSync = 0;
  #ended = false;

  constructor(port: MessagePort, parts: LinkParts) {
    this.#port = port;
    this.#parts = parts;
    this.#ownership = new Ownership({
      ...parts,
      gained: (leases) => void this.#gain(leases),
      leave: (partitions) => this.#change({ kind: "leave", partitions }),
      lost: (partitions) => {
        this.#own();
        this.#change({ kind: "lost", partitions });
      },
      renewed: () => this.#change({ kind: "renewed" }),
    });
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
      this.#readings.run(async (reading) => {
        const targets = await readTargets(this.#parts.database, endpoints);
        await this.#synced();
        return targets.map((target) => reading.changed.get(target.endpoint) ?? target);
      }),
    );
  }

  readLane(read: Parameters<DispatchStore["readLane"]>[0]) {
    const { database, places } = this.#parts;
    return guarded(
      this.#readings.run(async (reading) => {
        const window = await readLane(database, places, read);
        await this.#synced();
        return withoutSettled(window, reading.settled);
      }),
    );
  }

  expired(now: number, limit: number) {
    const { database } = this.#parts;
    return guarded(
      this.#readings.run(async ({ settled }) => {
        const found = await expired(database, this.#ownership.held.keys(), now, limit);
        return found.filter(({ id }) => !settled.has(id));
      }),
    );
  }

  waitingOf(endpoint: EndpointId, limit: number) {
    const { database, places } = this.#parts;
    return guarded(
      this.#readings.run(async ({ settled }) => {
        const found = await waitingOf(database, places, endpoint, limit);
        return found.filter((id) => !settled.has(id));
      }),
    );
  }

  record(batch: RecordBatch) {
    return guarded(this.#record(batch));
  }

  async release(epoch: number) {
    if (epoch !== this.#epoch) return;
    await guarded(this.#ownership.release());
    this.#own();
  }

  onOwnership(listener: (change: OwnershipChange) => void): void {
    this.#onOwnership = listener;
    for (const change of this.#changes.splice(0)) listener(change);
  }

  inForce(): boolean {
    return this.#ownership.inForce();
  }

  retire() {
    return guarded(this.#ownership.retire());
  }

  async handOver(partitions: readonly number[], inOrder: boolean) {
    await guarded(this.#ownership.handOver(partitions, inOrder));
    this.#own();
  }

  listen(listener: (items: readonly FeedItem[]) => void): void {
    this.#listener = listener;
    for (const { items, bytes } of this.#buffered.splice(0)) this.#deliver(items, bytes);
  }

  async disconnect(): Promise<void> {
    this.#port.close();
    this.#end();
    await this.#ownership.close();
    await this.#parts.database.close();
  }

  async #takeOver(worker: string) {
    const taken = await this.#ownership.join(worker);
    this.#epoch += 1;
    const { after, inOrder } = byOrder(taken);
    if (after.length === 0) return this.#look(inOrder, false);
    if (inOrder.length > 0) void this.#gain(inOrder);
    return this.#look(after, true);
  }

  /** Tries until the store has said what is waiting there, or they are lost. */
  async #gain(leases: readonly TakenLease[]): Promise<void> {
    const { after, inOrder } = byOrder(leases);
    for (const { some, crashed } of [
      { some: inOrder, crashed: false },
      { some: after, crashed: true },
    ]) {
      let left = some;
      while (left.length > 0 && !this.#ended) {
        try {
          const takeover = await guarded(this.#look(left, crashed));
          this.#change({ kind: "gained", takeover });
          break;
        } catch {
          await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
          left = left.filter((lease) => this.#holds(lease));
        }
      }
    }
  }

  /** What whoever took the partitions has to know; those that are lost already are left out. */
  async #look(leases: readonly TakenLease[], afterCrash: boolean): Promise<Takeover> {
    // Before it looks: what is committed after that must come over the feed.
    this.#own();
    const announced: LaneStart[] = [];
    this.#gains.add(announced);
    try {
      await this.#synced();
      const partitions = leases.map(({ partition }) => partition);
      const { lanes, records } = await this.#parts.recorder.look(partitions);
      return {
        partitions: leases.filter((lease) => this.#holds(lease)).map(({ partition }) => partition),
        epoch: this.#epoch,
        lanes: [...lanes, ...announced],
        records,
        afterCrash,
      };
    } finally {
      this.#gains.delete(announced);
    }
  }

  #holds({ epoch, partition }: TakenLease): boolean {
    return this.#ownership.held.get(partition) === epoch;
  }

  #own(): void {
    if (!this.#ended) this.#post({ kind: "own", partitions: [...this.#ownership.held.keys()] });
  }

  #change(change: OwnershipChange): void {
    if (this.#onOwnership === undefined) this.#changes.push(change);
    else this.#onOwnership(change);
  }

  async #record(batch: RecordBatch): Promise<"recorded" | "lease-lost"> {
    const { database, recorder } = this.#parts;
    if (batch.epoch !== this.#epoch) return "lease-lost";
    const leases = this.#leases.get(batch) ?? new Map(this.#ownership.held);
    this.#leases.set(batch, leases);
    const effects = new Effects();
    await recorder.record(batch, { leases, worker: this.#ownership.worker }, effects);
    this.#readings.noteSettled(batch.settlements);
    const caused = effects.take();
    if (caused.length === 0) return "recorded";
    const changed = caused.flatMap((each) => (each.kind === "target" ? [each.endpoint] : []));
    const targets = await readTargets(database, changed);
    this.#deliver([{ kind: "changed", targets }], 0);
    const changes = caused.flatMap((each) => (each.kind === "change" ? [each.change] : []));
    this.#post({ kind: "changes", changes });
    await this.#synced();
    return "recorded";
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
    for (const item of items) {
      if (item.kind === "changed") this.#readings.noteChanged(item.targets);
      else if (item.kind !== "changes-missed") this.#noteAnnounced(item);
    }
    if (this.#listener === undefined) {
      this.#buffered.push({ items, bytes });
      return;
    }
    this.#listener(items);
    if (bytes > 0) this.#post({ kind: "credit", bytes });
  }

  #noteAnnounced(item: Extract<FeedItem, { kind: "committed" | "waiting" }>): void {
    if (this.#gains.size === 0) return;
    const lanes = item.kind === "waiting" ? item.lanes : item.deliveries;
    for (const { due, endpoint } of lanes) {
      for (const announced of this.#gains) announced.push({ endpoint, due });
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

function byOrder(leases: readonly TakenLease[]) {
  return {
    inOrder: leases.filter(({ crashed }) => !crashed),
    after: leases.filter(({ crashed }) => crashed),
  };
}
