import type { Place } from "../load/place.ts";
import type { CeilingStore } from "./ceiling-store.ts";
import { PostgresCeilingStore } from "./postgres-ceiling-store.ts";
import { SqliteCeilingStore } from "./sqlite-ceiling-store.ts";

export function openCeilingStore(place: Place): Promise<CeilingStore> {
  return place.kind === "sqlite"
    ? Promise.resolve(new SqliteCeilingStore(place.folder))
    : PostgresCeilingStore.open(place.url);
}
