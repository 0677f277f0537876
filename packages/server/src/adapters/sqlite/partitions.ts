import type { EndpointId } from "../../domain/ids.ts";
import { mostCounted, mostLanes, type PartitionState } from "../../ports/worker-store.ts";
import type { Database } from "./database.ts";
import type { Slices } from "./paging.ts";
import type { Queue } from "./queue.ts";
import type { Shared } from "./shared.ts";

interface LeaseRow {
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
}

/** Probes between two slices: well below a millisecond. */
const probesAtOnce = 100;

/** What waits in each partition, and who has it. */
export class Partitions {
  readonly #shared: Shared;
  readonly #queue: Queue;
  readonly #leases;
  readonly #count;
  readonly #held;

  constructor(database: Database, shared: Shared, queue: Queue) {
    this.#shared = shared;
    this.#queue = queue;
    this.#leases = database.prepare<LeaseRow>(
      "SELECT partition, owner, epoch FROM leases ORDER BY partition",
    );
    this.#count = database.prepare<{ waiting: number }>(
      `SELECT count(*) AS waiting FROM
       (SELECT 1 FROM queue WHERE partition = ? LIMIT ${mostCounted + 1})`,
    );
    this.#held = database.prepare<{ held: number }>(
      `SELECT 1 AS held FROM endpoints e LEFT JOIN lanes l ON l.endpoint = e.id
       WHERE e.id = ? AND (e.config ->> 'paused' = 1 OR e.config ->> 'disabled' = 1
         OR l.record ->> 'breaker' = 'open')`,
    );
  }

  *states(): Slices<readonly Omit<PartitionState, "takenAt">[]> {
    const now = this.#shared.now();
    const states: Omit<PartitionState, "takenAt">[] = [];
    for (const { epoch, owner, partition } of this.#leases.all()) {
      const waiting = this.#count.get(partition)?.waiting ?? 0;
      const dueSince = waiting === 0 ? null : yield* this.#dueSince(partition, now);
      states.push({ partition, owner: owner === "" ? null : owner, epoch, waiting, dueSince });
      yield;
    }
    return states;
  }

  *#dueSince(partition: number, now: number): Slices<number | null> {
    let earliest: number | null = null;
    let beyond = -1;
    for (let n = 1; n <= mostLanes; n += 1) {
      const lane = this.#queue.laneBeyond(partition, beyond);
      if (lane === undefined) break;
      const { due, endpoint } = lane;
      if (due <= now && due < (earliest ?? Infinity) && !this.#isHeld(endpoint)) earliest = due;
      beyond = endpoint;
      if (n % probesAtOnce === 0) yield;
    }
    return earliest;
  }

  #isHeld(endpoint: EndpointId): boolean {
    return this.#held.get(endpoint) !== undefined;
  }
}
