import type { MessagePort } from "node:worker_threads";
import { connectDispatchStore as connectPostgres } from "../adapters/postgres/connect-dispatch-store.ts";
import { connectDispatchStore as connectSqlite } from "../adapters/sqlite/connect-dispatch-store.ts";
import type { DispatchFeed, DispatchStore } from "../ports/dispatch-store.ts";
import type { PartitionSharing } from "../ports/partition-sharing.ts";
import type { SourceStore } from "../ports/source-store.ts";

type PostgresOptions = Parameters<typeof connectPostgres>[2];

/** What the dispatcher's thread reaches the store with; the port is transferred to it. */
export type DispatchLink =
  | { readonly kind: "sqlite"; readonly port: MessagePort }
  | {
      readonly kind: "postgres";
      readonly port: MessagePort;
      readonly url: string;
      readonly slot: PostgresOptions["slot"];
      readonly leaseMs: number;
    };

export interface LinkedStore {
  readonly store: DispatchStore & Pick<SourceStore, "findSource">;
  readonly feed: DispatchFeed;
  readonly sharing?: PartitionSharing;
  disconnect(): void | Promise<void>;
}

export async function connectToStore(link: DispatchLink): Promise<LinkedStore> {
  switch (link.kind) {
    case "sqlite": {
      const store = connectSqlite(link.port);
      return { store, feed: store, disconnect: () => store.disconnect() };
    }
    case "postgres": {
      const { leaseMs, port, slot, url } = link;
      const store = await connectPostgres(port, url, { leaseMs, slot });
      return { store, feed: store, sharing: store, disconnect: () => store.disconnect() };
    }
  }
}
