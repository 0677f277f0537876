import type { MessagePort } from "node:worker_threads";
import { connectDispatchStore as connectPostgres } from "../adapters/postgres/connect-dispatch-store.ts";
import { connectDispatchStore as connectSqlite } from "../adapters/sqlite/connect-dispatch-store.ts";
import type { DispatchFeed, DispatchStore } from "../ports/dispatch-store.ts";
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
    };

export type LinkedStore = DispatchStore &
  DispatchFeed &
  Pick<SourceStore, "findSource"> & { disconnect(): void | Promise<void> };

/** What happens with other workers of the same store. */
export type OwnershipEvents = Pick<PostgresOptions, "onWait" | "onLost">;

export async function connectToStore(
  link: DispatchLink,
  events: OwnershipEvents,
): Promise<LinkedStore> {
  switch (link.kind) {
    case "sqlite":
      return connectSqlite(link.port);
    case "postgres":
      return connectPostgres(link.port, link.url, { ...events, slot: link.slot });
  }
}
