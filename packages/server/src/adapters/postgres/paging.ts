import type { Listed, Page } from "../../ports/paging.ts";
import { filteredSlice, take } from "../sql/keyed-rows.ts";

export interface KeyedRows<Row, Key> {
  /** At most `limit` rows strictly beyond `bound`, in key order. */
  rows(descending: boolean, bound: Key | undefined, limit: number): Promise<readonly Row[]>;
  keyOf(row: Row): Key;
}

export interface Filter<Row, T> {
  /** It may leave rows out, so that a page looks at more of them. */
  readonly filtered: boolean;
  /** An item for each row in its place; `undefined` leaves it out. */
  accept(rows: readonly Row[]): Promise<readonly (T | undefined)[]> | readonly (T | undefined)[];
}

export async function readPage<Row, Key, T>(
  page: Page<Key>,
  source: KeyedRows<Row, Key>,
  filter: Filter<Row, T>,
): Promise<Listed<T>> {
  const backwards = page.from?.side === "before";
  const descending = (page.order === "descending") !== backwards;
  const size = filter.filtered ? Math.max(filteredSlice, page.limit + 1) : page.limit + 1;
  const items: T[] = [];
  let bound = page.from?.key;
  for (;;) {
    const rows = await source.rows(descending, bound, size);
    const full = take(await filter.accept(rows), items, page.limit, (item) => item);
    const last = rows.at(-1);
    if (full || last === undefined || rows.length < size) {
      return { items: backwards ? items.reverse() : items, done: !full };
    }
    bound = source.keyOf(last);
  }
}

/** Every row is an item. */
export function every<Row, T>(toItem: (row: Row) => T): Filter<Row, T> {
  return { filtered: false, accept: (rows) => rows.map(toItem) };
}
