import type { ApplicationId, SourceId } from "../domain/ids.ts";
import type { ApplicationStore } from "./application-store.ts";
import type { EndpointStore } from "./endpoint-store.ts";
import type { EventTypeStore } from "./event-type-store.ts";
import type { KeyStore } from "./key-store.ts";
import type { MessageStore } from "./message-store.ts";
import type { SourceStore } from "./source-store.ts";
import type { WorkerStore } from "./worker-store.ts";

/** What a store is, fixed when it was made. */
export interface Installation {
  /** Six base-62 characters that end every public id. */
  readonly name: string;
  readonly partitions: number;
  /** The largest id of this process, or of those before it: new ones start after it. */
  readonly lastId: number;
  /** The node of the API's ids; the dispatcher's are of the one after. No other process has them. */
  readonly idNode: number;
}

/** What the API's caches must forget. */
export type Change =
  | { readonly kind: "application"; readonly application: ApplicationId }
  | { readonly kind: "event-type"; readonly name: string }
  | { readonly kind: "keys" }
  | { readonly kind: "source"; readonly source: SourceId }
  /** Changes of other processes may have been missed. */
  | { readonly kind: "everything" };

export interface Store
  extends
    ApplicationStore,
    EndpointStore,
    EventTypeStore,
    MessageStore,
    KeyStore,
    SourceStore,
    WorkerStore {
  installation(): Promise<Installation>;
  /** Writes and syncs a row: rejects with `StoreUnavailable` when a publish would, too. */
  check(): Promise<void>;
  /** Called before the call that made the change resolves. */
  onChange(listener: (change: Change) => void): void;
  close(): Promise<void>;
}
