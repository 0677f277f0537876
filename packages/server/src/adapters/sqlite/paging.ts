import type { Listed, Page } from "../../ports/paging.ts";
import { filteredSlice, take } from "../sql/keyed-rows.ts";

/** A read in slices: between two of them the thread commits what has arrived. */
export type Slices<T> = Generator<undefined, T>;

export interface KeyedRows<Row, Key> {
  /** At most `limit` rows strictly beyond `bound`, in key order. */
  rows(descending: boolean, bound: Key | undefined, limit: number): readonly Row[];
  keyOf(row: Row): Key;
}

/**
 * Reads one page: `accept` turns a row into an item, or leaves it out (`filtered` says that it may).
 */
export function* readPage<Row, Key, T>(
  page: Page<Key>,
  source: KeyedRows<Row, Key>,
  filtered: boolean,
  accept: (row: Row) => T | undefined,
): Slices<Listed<T>> {
  const backwards = page.from?.side === "before";
  const descending = (page.order === "descending") !== backwards;
  const size = filtered ? Math.max(filteredSlice, page.limit + 1) : page.limit + 1;
  const items: T[] = [];
  let bound = page.from?.key;
  for (;;) {
    const rows = source.rows(descending, bound, size);
    const full = take(rows, items, page.limit, accept);
    const last = rows.at(-1);
    if (full || last === undefined || rows.length < size) {
      return { items: backwards ? items.reverse() : items, done: !full };
    }
    bound = source.keyOf(last);
    yield;
  }
}

/** Runs a read to its end at once. */
export function finish<T>(slices: Slices<T>): T {
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
  }
}
