/** Who may have partitions, and who has each. */
export interface Shares {
  /** By partition; `undefined`: nobody has it, or one who is gone. */
  readonly owners: readonly (string | undefined)[];
  /** Workers that take part. */
  readonly workers: readonly string[];
  /** Workers that keep what they have, and take no part. */
  readonly apart: ReadonlySet<string>;
}

/**
 * Who is to have each partition: as many for each worker, to within one, with the fewest moves. All
 * workers compute it from the same rows, so that they agree without a word; `undefined` where there is
 * no worker.
 */
export function shareOut({ owners, workers, apart }: Shares): readonly (string | undefined)[] {
  const shared = owners.filter((owner) => owner === undefined || !apart.has(owner)).length;
  const quotas = quotasOf(owners, workers, shared);
  const kept = owners.map((owner) => {
    if (owner === undefined || apart.has(owner)) return owner;
    const left = quotas.get(owner) ?? 0;
    if (left === 0) return undefined;
    quotas.set(owner, left - 1);
    return owner;
  });
  return kept.map((owner) => owner ?? takeFirst(quotas));
}

/** Those that have most now may have the one more, so that nothing moves for it. */
function quotasOf(
  owners: readonly (string | undefined)[],
  workers: readonly string[],
  shared: number,
): Map<string, number> {
  const counts = new Map(workers.map((worker) => [worker, 0]));
  for (const owner of owners) {
    const count = owner === undefined ? undefined : counts.get(owner);
    if (owner !== undefined && count !== undefined) counts.set(owner, count + 1);
  }
  const least = Math.floor(shared / Math.max(1, workers.length));
  let rest = shared - least * workers.length;
  const inOrder = [...counts].toSorted(([a, has], [b, hasToo]) => hasToo - has || compare(a, b));
  return new Map(
    inOrder.map(([worker]) => {
      const more = rest > 0 ? 1 : 0;
      rest -= more;
      return [worker, least + more];
    }),
  );
}

function takeFirst(quotas: Map<string, number>): string | undefined {
  for (const [worker, left] of quotas) {
    if (left === 0) continue;
    quotas.set(worker, left - 1);
    return worker;
  }
  return undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
