import type { Attempt } from "../../src/domain/delivery.ts";
import type { EndpointEvent } from "../../src/domain/endpoint.ts";
import type { DeliveryId, EndpointId } from "../../src/domain/ids.ts";
import type { LaneRecord } from "../../src/domain/lane.ts";
import type { EndReason } from "../../src/domain/reasons.ts";
import type {
  DisableByRule,
  DispatchFeed,
  DispatchStore,
  FeedItem,
  LaneStart,
  QueuedDelivery,
  RecordBatch,
  Settlement,
  Target,
} from "../../src/ports/dispatch-store.ts";
import { StoreUnavailable } from "../../src/ports/store-errors.ts";

/** A `DispatchStore` in memory, and the publisher's side of it for tests. */
export interface MemoryDispatchStore extends DispatchStore, DispatchFeed {
  /** Commits deliveries; `carried: false` as when the feed is full. */
  commit(deliveries: readonly QueuedDelivery[], how?: { readonly carried: boolean }): void;
  /** Puts rows in without telling anybody, as before a takeover. */
  put(deliveries: readonly QueuedDelivery[]): void;
  setTarget(target: Target): void;
  /** Changes it without telling, and says that something may have been missed. */
  missTarget(target: Target): void;
  deleteContent(message: QueuedDelivery["message"]): void;
  /** While set, nothing can be recorded. */
  fail(fault: "disk-full" | undefined): void;
  /** Another owner takes over. */
  loseLease(): void;
  readonly attempts: readonly Attempt[];
  readonly ended: ReadonlyMap<DeliveryId, EndReason>;
  readonly events: readonly EndpointEvent[];
  readonly disables: readonly DisableByRule[];
  readonly lanes: ReadonlyMap<EndpointId, LaneRecord>;
  readonly batches: readonly RecordBatch[];
  readonly reads: readonly { readonly endpoint: EndpointId; readonly rows: number }[];
  waiting(): readonly QueuedDelivery[];
  waitingRow(id: DeliveryId): QueuedDelivery | undefined;
}

export function createMemoryDispatchStore(): MemoryDispatchStore {
  const queues = new Map<EndpointId, Map<DeliveryId, QueuedDelivery>>();
  const targets = new Map<EndpointId, Target>();
  const attempts: Attempt[] = [];
  const ended = new Map<DeliveryId, EndReason>();
  const events: EndpointEvent[] = [];
  const disables: DisableByRule[] = [];
  const lanes = new Map<EndpointId, LaneRecord>();
  const batches: RecordBatch[] = [];
  const reads: { readonly endpoint: EndpointId; readonly rows: number }[] = [];
  let listener: (items: readonly FeedItem[]) => void = () => {};
  let epoch = 0;
  let owned = false;
  let fault: "disk-full" | undefined;

  // Answers and feed leave in the order of their commits.
  let outbox = Promise.resolve();
  function answer<T>(make: () => T): Promise<T> {
    let value: { readonly ok: T } | { readonly error: unknown };
    try {
      value = { ok: make() };
    } catch (error) {
      value = { error };
    }
    const sent = outbox.then(() => {
      if ("error" in value) throw value.error;
      return value.ok;
    });
    outbox = sent.then(
      () => undefined,
      () => undefined,
    );
    return sent;
  }
  function tell(item: FeedItem): void {
    outbox = outbox.then(() => listener([item]));
  }

  function queueOf(endpoint: EndpointId): Map<DeliveryId, QueuedDelivery> {
    const known = queues.get(endpoint) ?? new Map<DeliveryId, QueuedDelivery>();
    queues.set(endpoint, known);
    return known;
  }
  function find(id: DeliveryId): QueuedDelivery | undefined {
    for (const queue of queues.values()) {
      const row = queue.get(id);
      if (row !== undefined) return row;
    }
    return undefined;
  }
  const inOrder = (rows: Iterable<QueuedDelivery>): QueuedDelivery[] =>
    [...rows].sort((a, b) => a.due - b.due || a.id - b.id);
  const all = (): QueuedDelivery[] => inOrder([...queues.values()].flatMap((q) => [...q.values()]));

  function settle(settlement: Settlement): void {
    if (settlement.kind !== "discard") attempts.push(settlement.attempt);
    const id = settlement.kind === "discard" ? settlement.delivery : settlement.attempt.delivery;
    const endpoint = settlement.kind === "discard" ? undefined : settlement.attempt.endpoint;
    const row = endpoint === undefined ? find(id) : queueOf(endpoint).get(id);
    if (row === undefined) return;
    if (settlement.kind === "retry") {
      const { due, rule, attempt } = settlement;
      queueOf(row.endpoint).set(id, { ...row, due, rule, attempts: attempt.number });
    } else {
      queueOf(row.endpoint).delete(id);
      ended.set(id, settlement.reason);
    }
  }

  function put(deliveries: readonly QueuedDelivery[]): void {
    for (const delivery of deliveries) queueOf(delivery.endpoint).set(delivery.id, delivery);
  }

  function setTarget(target: Target): void {
    targets.set(target.endpoint, target);
    tell({ kind: "changed", targets: [target] });
  }

  return {
    attempts,
    ended,
    events,
    disables,
    lanes,
    batches,
    reads,
    put,
    setTarget,
    missTarget(target) {
      targets.set(target.endpoint, target);
      tell({ kind: "changes-missed" });
    },
    listen(given) {
      listener = given;
    },
    commit(deliveries, how = { carried: true }) {
      put(deliveries);
      const starts: LaneStart[] = deliveries.map(({ endpoint, due }) => ({ endpoint, due }));
      tell(how.carried ? { kind: "committed", deliveries } : { kind: "waiting", lanes: starts });
    },
    deleteContent(message) {
      for (const row of all()) {
        if (row.message === message) queueOf(row.endpoint).set(row.id, { ...row, content: null });
      }
    },
    fail(next) {
      fault = next;
    },
    loseLease() {
      epoch += 1;
    },
    waiting: all,
    waitingRow: find,
    takeOver: () =>
      answer(() => {
        epoch += 1;
        const afterCrash = owned;
        owned = true;
        const starts = [...queues].flatMap(([endpoint, queue]) => {
          const first = inOrder(queue.values())[0];
          return first === undefined ? [] : [{ endpoint, due: first.due }];
        });
        const partitions = Array.from({ length: 64 }, (_, partition) => partition);
        return { partitions, epoch, lanes: starts, records: [...lanes.values()], afterCrash };
      }),
    targets: (endpoints) => answer(() => endpoints.flatMap((id) => targets.get(id) ?? [])),
    readLane: ({ endpoint, now, limit, maxBytes, skip }) =>
      answer(() => {
        const held = new Set(skip);
        const rows = inOrder(queueOf(endpoint).values()).filter((row) => !held.has(row.id));
        const taken: QueuedDelivery[] = [];
        let bytes = 0;
        for (const row of rows) {
          bytes += row.content?.body.byteLength ?? 0;
          const full = taken.length >= limit || (taken.length > 0 && bytes > maxBytes);
          if (row.due > now || full) break;
          taken.push(row);
        }
        reads.push({ endpoint, rows: taken.length });
        return { deliveries: taken, nextDue: rows[taken.length]?.due ?? null };
      }),
    expired: (now, limit) =>
      answer(() =>
        [...queues.values()]
          .flatMap((queue) => [...queue.values()])
          .filter((row) => row.expiresAt !== null && row.expiresAt <= now)
          .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0))
          .slice(0, limit)
          .map(({ id, endpoint }) => ({
            id,
            endpoint,
            partition: targets.get(endpoint)?.partition ?? 0,
          })),
      ),
    waitingOf: (endpoint, limit) =>
      answer(() =>
        inOrder(queueOf(endpoint).values())
          .slice(0, limit)
          .map((row) => row.id),
      ),
    release: (released) =>
      answer(() => {
        if (released === epoch) owned = false;
      }),
    record: (batch) =>
      answer(() => {
        if (fault !== undefined) throw new StoreUnavailable(fault, "no space left");
        if (batch.epoch !== epoch) return "lease-lost" as const;
        batches.push(batch);
        for (const settlement of batch.settlements) settle(settlement);
        for (const lane of batch.lanes) lanes.set(lane.endpoint, lane);
        for (const endpoint of batch.restedLanes) lanes.delete(endpoint);
        events.push(...batch.events);
        for (const disable of batch.disables) {
          disables.push(disable);
          events.push(disable.event);
          const target = targets.get(disable.endpoint);
          if (target !== undefined) setTarget({ ...target, gate: "disabled" });
        }
        return "recorded" as const;
      }),
  };
}
