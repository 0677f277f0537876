/**
 * One page of a list that is ordered by a key (an id, or a name). Cursors name a key, not an
 * offset, so they stay right while rows are added or removed.
 */
export interface Page<Key> {
  /** 1 to 250. */
  readonly limit: number;
  readonly order: "ascending" | "descending";
  /** Rows strictly after or before `key` in `order`; rows come back in `order` either way. */
  readonly from?: { readonly key: Key; readonly side: "after" | "before" };
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** No rows follow in the direction that was read. */
  readonly done: boolean;
}
