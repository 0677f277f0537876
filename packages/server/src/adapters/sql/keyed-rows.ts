export const firstId = -1;
export const lastId = Number.MAX_SAFE_INTEGER;

/** What a slice looks at when rows are filtered; a few hundred rows take about a millisecond. */
export const filteredSlice = 256;

/** Says whether there was one item more than `limit`. */
export function take<Row, T>(
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
