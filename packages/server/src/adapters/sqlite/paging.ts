import type { Listed, Page } from "../../ports/paging.ts";

/** A read in slices: between two of them the thread commits what has arrived. */
export type Slices<T> = Generator<undefined, T>;

export interface KeyedRows<Row, Key> {
  /** At most `limit` rows strictly beyond `bound`, in key order. */
  rows(descending: boolean, bound: Key | undefined, limit: number): readonly Row[];
  keyOf(row: Row): Key;
}

export const firstId = -1;
export const lastId = Number.MAX_SAFE_INTEGER;

/** What a slice looks at when rows are filtered; a few hundred rows take about a millisecond. */
const filteredSlice = 256;

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

/** Says whether there was one item more than `limit`. */
function take<Row, T>(
  rows: readonly Row[],
  items: T[],
  limit: number,
  accept: (row: Row) => T | undefined,
): boolean {
  for (const row of rows) {
    const item = accept(row);
    if (item === undefined) continue;
    if (items.length === limit) return true;
    items.push(item);
  }
  return false;
}

/** Two sources in one key order; of equal keys the row of `first` is kept. */
export function mergeByKey<Row>(
  first: readonly Row[],
  second: readonly Row[],
  keyOf: (row: Row) => number,
  how: { readonly descending: boolean; readonly limit: number },
): readonly Row[] {
  const merged: Row[] = [];
  const sign = how.descending ? -1 : 1;
  let i = 0;
  let j = 0;
  while (merged.length < how.limit) {
    const a = first[i];
    const b = second[j];
    if (a === undefined && b === undefined) break;
    const order = a === undefined ? 1 : b === undefined ? -1 : sign * (keyOf(a) - keyOf(b));
    if (a !== undefined && order <= 0) merged.push(a);
    else if (b !== undefined) merged.push(b);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return merged;
}

/** Runs a read to its end at once. */
export function finish<T>(slices: Slices<T>): T {
  for (;;) {
    const step = slices.next();
    if (step.done === true) return step.value;
  }
}
