import type { Change } from "../../ports/store.ts";
import type { WireFeedItem } from "../sql/wire-feed.ts";

/** From the dispatcher's end of a port to the store's. */
export type ToStore =
  /** It has these partitions: what is committed there from here on goes to it. */
  | { readonly kind: "own"; readonly partitions: readonly number[] }
  /** Feed bytes that the listener has returned from. */
  | { readonly kind: "credit"; readonly bytes: number }
  /** What its own writes changed, for the API's caches. */
  | { readonly kind: "changes"; readonly changes: readonly Change[] }
  /** Asks for `synced` once everything that is committed by now has been told. */
  | { readonly kind: "sync"; readonly id: number };

export type FromStore =
  | {
      readonly kind: "feed";
      readonly items: readonly WireFeedItem[];
      /** What `items` count against the credit. */
      readonly bytes: number;
    }
  | { readonly kind: "synced"; readonly id: number };
