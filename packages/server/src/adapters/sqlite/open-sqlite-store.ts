import {
  MessageChannel,
  Worker,
  type MessagePort,
  type TransferListItem,
} from "node:worker_threads";
import type { SourceStore } from "../../ports/source-store.ts";
import type { Change, Store } from "../../ports/store.ts";
import type { PartitionState, ProcessIdentity, Workers } from "../../ports/worker-store.ts";
import { anonymousProcess } from "../sql/anonymous-process.ts";
import { threadLimits } from "../thread-limits.ts";
import { unavailable } from "./faults.ts";
import { carried, type FromStore, type StoreLogLine, type ToStore } from "./protocol.ts";
import { RpcClient } from "./rpc-client.ts";
import { packToStore, unpackFromStore, type WireFromStore } from "./wire.ts";
import type { ThreadData } from "./thread.ts";

export interface SqliteStoreOptions {
  readonly dataDir: string;
  /**
   * Fixed when the store is made; an existing store keeps its own.
   * @default 64
   */
  readonly partitions?: number;
  /** @default a name, no version, and both roles */
  readonly identity?: ProcessIdentity;
  /** What the thread did by itself and could not. */
  readonly log?: (line: StoreLogLine) => void;
  /** The thread has died: nothing can be written any more, so the process should end. */
  readonly onFatal?: (error: Error) => void;
}

export interface SqliteStore extends Store {
  /**
   * A port for `connectDispatchStore`, to be transferred to the dispatcher's thread: it speaks to
   * the store's thread without passing through this one.
   */
  dispatchPort(): MessagePort;
}

/** Opens the store of a data folder, on a thread of its own, and brings its schema up to date. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const data: ThreadData = { dataDir: options.dataDir, partitions: options.partitions ?? 64 };
  // The sources run as they are, the package as compiled: the entry ends like this file.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(new URL(`./thread.${extension}`, import.meta.url), {
    workerData: data,
    name: "store",
    resourceLimits: threadLimits,
  });
  const connection = new Connection(worker, options);
  await connection.opened;
  const identity = options.identity ?? anonymousProcess();
  return toStore(connection, { ...identity, startedAt: Date.now() });
}

/** There is one process, which takes all partitions at its start. */
function workersOf(
  self: ProcessIdentity & { readonly startedAt: number },
  partitions: readonly Omit<PartitionState, "takenAt">[],
): Workers {
  const { startedAt } = self;
  return {
    processes: [{ ...self, slot: 0, renewedAt: Date.now(), alive: true }],
    partitions: partitions.map((each) => {
      return { ...each, takenAt: each.owner === null ? null : startedAt };
    }),
  };
}

class Connection {
  readonly client: RpcClient;
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #options: SqliteStoreOptions;
  readonly #listeners: ((change: Change) => void)[] = [];
  readonly #exited: Promise<void>;
  #state: "opening" | "open" | "closing" | "closed" = "opening";

  constructor(worker: Worker, options: SqliteStoreOptions) {
    this.#worker = worker;
    this.#options = options;
    this.client = new RpcClient((message) => this.#post(message));
    this.#exited = new Promise((resolve) => worker.once("exit", () => resolve()));
    this.opened = new Promise((resolve, reject) => {
      worker.on("message", (wire: WireFromStore) => {
        const message = unpackFromStore(wire);
        if (message.kind === "opened") {
          this.#state = "open";
          resolve();
        } else if (message.kind === "not-opened") {
          this.#state = "closed";
          reject(carried(message.error));
        } else {
          this.#receive(message);
        }
      });
      worker.on("error", (error) => {
        reject(toError(error));
        this.#died(toError(error));
      });
      worker.on("exit", () => this.#died(new Error("the store's thread has ended")));
    });
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  dispatchPort(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#post({ kind: "dispatch-port", port: port1 }, [port1]);
    return port2;
  }

  async close(): Promise<void> {
    if (this.#state === "open") {
      this.client.flush();
      this.#post({ kind: "close" });
      this.#state = "closing";
    }
    await this.#exited;
    this.client.end();
  }

  #receive(message: FromStore): void {
    if (message.kind === "log") this.#options.log?.(message.line);
    if (message.kind === "closed") this.#state = "closed";
    if (message.kind !== "answers") return;
    for (const change of message.changes) {
      for (const listener of this.#listeners) listener(change);
    }
    this.client.settle(message.answers);
  }

  #died(error: Error): void {
    if (this.#state === "closed") {
      this.client.end();
      return;
    }
    const wasOpening = this.#state === "opening";
    this.#state = "closed";
    this.client.end(unavailable("closed", error));
    if (!wasOpening) this.#options.onFatal?.(error);
  }

  #post(message: ToStore, transfer: TransferListItem[] = []): void {
    this.#worker.postMessage(packToStore(message), transfer);
  }
}

function toStore(
  connection: Connection,
  self: ProcessIdentity & { readonly startedAt: number },
): SqliteStore {
  const { client } = connection;
  return {
    createApplication: (...args) => client.ask("createApplication", ...args),
    findApplication: (...args) => client.ask("findApplication", ...args),
    listApplications: (...args) => client.ask("listApplications", ...args),
    updateApplication: (...args) => client.ask("updateApplication", ...args),
    deleteApplication: (...args) => client.ask("deleteApplication", ...args),
    createEndpoint: (...args) => client.ask("createEndpoint", ...args),
    findEndpoint: (...args) => client.ask("findEndpoint", ...args),
    findEndpointEver: (...args) => client.ask("findEndpointEver", ...args),
    listEndpoints: (...args) => client.ask("listEndpoints", ...args),
    updateEndpoint: (...args) => client.ask("updateEndpoint", ...args),
    deleteEndpoint: (...args) => client.ask("deleteEndpoint", ...args),
    endpointSecrets: (...args) => client.ask("endpointSecrets", ...args),
    rotateSecret: (...args) => client.ask("rotateSecret", ...args),
    endpointRevisions: (...args) => client.ask("endpointRevisions", ...args),
    listEndpointEvents: (...args) => client.ask("listEndpointEvents", ...args),
    laneOf: (...args) => client.ask("laneOf", ...args),
    endpointStats: (...args) => client.ask("endpointStats", ...args),
    subscriptions: (...args) => client.ask("subscriptions", ...args),
    subscriptionsAt: (...args) => client.ask("subscriptionsAt", ...args),
    createEventType: (...args) => client.ask("createEventType", ...args),
    findEventType: (...args) => client.ask("findEventType", ...args),
    listEventTypes: (...args) => client.ask("listEventTypes", ...args),
    updateEventType: (...args) => client.ask("updateEventType", ...args),
    deleteEventType: (...args) => client.ask("deleteEventType", ...args),
    createKey: (...args) => client.ask("createKey", ...args),
    findKeyByHash: (...args) => client.ask("findKeyByHash", ...args),
    listKeys: (...args) => client.ask("listKeys", ...args),
    revokeKey: (...args) => client.ask("revokeKey", ...args),
    countKeys: () => client.ask("countKeys"),
    publish: (...args) => client.ask("publish", ...args),
    findMessage: (...args) => client.ask("findMessage", ...args),
    listMessages: (...args) => client.ask("listMessages", ...args),
    deleteMessageContent: (...args) => client.ask("deleteMessageContent", ...args),
    listDeliveriesOfMessage: (...args) => client.ask("listDeliveriesOfMessage", ...args),
    listDeliveriesOfEndpoint: (...args) => client.ask("listDeliveriesOfEndpoint", ...args),
    findAttempt: (...args) => client.ask("findAttempt", ...args),
    listAttemptsOfMessage: (...args) => client.ask("listAttemptsOfMessage", ...args),
    listAttemptsOfEndpoint: (...args) => client.ask("listAttemptsOfEndpoint", ...args),
    deleteAttemptContent: (...args) => client.ask("deleteAttemptContent", ...args),
    resend: (...args) => client.ask("resend", ...args),
    ...toSourceStore(client),
    listWorkers: async () => workersOf(self, await client.ask("partitionStates")),
    installation: () => client.ask("installation"),
    check: () => client.ask("check"),
    onChange: (listener) => connection.onChange(listener),
    close: () => connection.close(),
    dispatchPort: () => connection.dispatchPort(),
  };
}

function toSourceStore(client: RpcClient): SourceStore {
  return {
    createSource: (...args) => client.ask("createSource", ...args),
    findSource: (...args) => client.ask("findSource", ...args),
    listSources: (...args) => client.ask("listSources", ...args),
    updateSource: (...args) => client.ask("updateSource", ...args),
    rotateSource: (...args) => client.ask("rotateSource", ...args),
    deleteSource: (...args) => client.ask("deleteSource", ...args),
    addRequest: (...args) => client.ask("addRequest", ...args),
    addRepeats: (...args) => client.ask("addRepeats", ...args),
    acceptRejected: (...args) => client.ask("acceptRejected", ...args),
    updateRejected: (...args) => client.ask("updateRejected", ...args),
    findRequest: (...args) => client.ask("findRequest", ...args),
    keptRequest: (...args) => client.ask("keptRequest", ...args),
    listRequests: (...args) => client.ask("listRequests", ...args),
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error("the store's thread failed", { cause: error });
}
