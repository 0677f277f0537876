import type { Place } from "../load/place.ts";
import type { InboundStore } from "./inbound-store.ts";
import { PostgresInboundStore } from "./postgres-inbound-store.ts";
import { SqliteInboundStore } from "./sqlite-inbound-store.ts";

export async function openInboundStore(place: Place): Promise<InboundStore> {
  return place.kind === "sqlite"
    ? new SqliteInboundStore(place.folder)
    : PostgresInboundStore.open(place.url);
}
