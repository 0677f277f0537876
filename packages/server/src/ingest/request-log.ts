import type { RequestId, SourceId } from "../domain/ids.ts";
import { createLru } from "../domain/lru.ts";
import type { NewRequest, RepeatCount } from "../ports/source-store.ts";
import type { Store } from "../ports/store.ts";

/**
 * Writes requests that became no message. Whoever has a source's URL can send what is rejected as fast as
 * they like, so rows are bounded: beyond that a request is counted with the last one of its reason.
 */
export interface RequestLog {
  /** On disk when it resolves, but for what is only counted; those counts follow within a second. */
  add(request: NewRequest): Promise<void>;
  /** Writes the counts that are left. */
  close(): Promise<void>;
}

/** So many rows at once, and so many a second from then on, for each source. */
const rowsAtOnce = 100;
const rowsPerSecond = 2;
/** Bodies that are kept, in the same manner. */
const bytesAtOnce = 16 * 1024 * 1024;
const bytesPerSecond = 64 * 1024;
const maxSources = 10_000;
const betweenFlushesMs = 1_000;

interface Budget {
  rows: number;
  bytes: number;
  at: number;
  /** The last row of each reason; there are few reasons. */
  readonly last: Map<string, RequestId>;
}

export function createRequestLog(
  store: Pick<Store, "addRequest" | "addRepeats">,
  now: () => number,
  failed: (error: unknown) => void,
): RequestLog {
  const budgets = createLru<SourceId, Budget>(maxSources);
  const counts = new Map<RequestId, RepeatCount>();
  let flushing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function budgetOf(source: SourceId): Budget {
    const at = now();
    const kept = budgets.get(source);
    const budget = kept ?? { rows: rowsAtOnce, bytes: bytesAtOnce, at, last: new Map() };
    const seconds = Math.max(0, at - budget.at) / 1000;
    budget.rows = Math.min(rowsAtOnce, budget.rows + seconds * rowsPerSecond);
    budget.bytes = Math.min(bytesAtOnce, budget.bytes + seconds * bytesPerSecond);
    budget.at = at;
    if (kept === undefined) budgets.set(source, budget);
    return budget;
  }

  function count({ request: { partition, source } }: NewRequest, like: RequestId): void {
    const before = counts.get(like)?.count ?? 0;
    counts.set(like, { request: like, source, partition, count: before + 1 });
    timer ??= setTimeout(() => {
      timer = undefined;
      flushing = flush();
    }, betweenFlushesMs).unref();
  }

  async function flush(): Promise<void> {
    const taken = Array.from(counts.values());
    counts.clear();
    if (taken.length === 0) return;
    try {
      await store.addRepeats(taken);
    } catch (error) {
      // The counts are lost, as in a crash: the rows that they belong to are not.
      failed(error);
    }
  }

  return {
    async add(added) {
      const { request } = added;
      const budget = budgetOf(request.source);
      const like = budget.last.get(request.reason);
      if (budget.rows < 1 && like !== undefined) return count(added, like);
      const size = added.kept?.body.byteLength ?? 0;
      const affordable = size <= budget.bytes;
      // A reason that is seen for the first time has its row whatever came before it.
      budget.rows = Math.max(0, budget.rows - 1);
      if (affordable) budget.bytes -= size;
      await store.addRequest(
        affordable ? added : { request: { ...request, keptUntil: null }, kept: null },
      );
      budget.last.set(request.reason, request.id);
    },
    async close() {
      clearTimeout(timer);
      await flushing;
      await flush();
    },
  };
}
