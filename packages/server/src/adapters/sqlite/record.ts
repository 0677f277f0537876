import type { Attempt } from "../../domain/delivery.ts";
import type { RecordBatch, Settlement, Takeover } from "../../ports/dispatch-store.ts";
import type { Attempts } from "./attempts.ts";
import type { Database } from "./database.ts";
import type { Deliveries, DeliveryParts, Ending } from "./deliveries.ts";
import type { EndpointHistory } from "./endpoint-history.ts";
import type { Shared } from "./shared.ts";

export interface RecorderParts extends DeliveryParts {
  readonly attempts: Attempts;
  readonly deliveries: Deliveries;
  readonly history: EndpointHistory;
}

// An owner that stopped in order leaves the lease without a name.
const nobody = "";

/** The owner's writes, each under the epoch that it took the partitions with. */
export class Recorder {
  readonly #shared: Shared;
  readonly #parts: RecorderParts;
  readonly #epoch;
  readonly #lease;
  readonly #release;

  constructor(database: Database, shared: Shared, parts: RecorderParts) {
    this.#shared = shared;
    this.#parts = parts;
    this.#epoch = database.prepare<{ epoch: number; owner: string }>(
      "SELECT epoch, owner FROM leases WHERE partition = 0",
    );
    this.#lease = database.prepare(
      "INSERT OR REPLACE INTO leases (partition, owner, epoch) VALUES (?, ?, ?)",
    );
    this.#release = database.prepare("UPDATE leases SET owner = ? WHERE epoch = ?");
  }

  takeOver(worker: string): Takeover {
    const { partitions } = this.#shared.installation.installation();
    const last = this.#epoch.get();
    const epoch = (last?.epoch ?? 0) + 1;
    const afterCrash = last !== undefined && last.owner !== nobody;
    for (let partition = 0; partition < partitions; partition += 1) {
      this.#lease.run(partition, worker, epoch);
    }
    this.#shared.effects.add({ kind: "taken-over" });
    const { lanes, queue } = this.#parts;
    return {
      partitions: Array.from({ length: partitions }, (_, partition) => partition),
      epoch,
      lanes: queue.lanes(),
      records: lanes.all(),
      afterCrash,
    };
  }

  release(epoch: number): void {
    this.#release.run(nobody, epoch);
  }

  record(batch: RecordBatch): "recorded" | "lease-lost" {
    if (this.#epoch.get()?.epoch !== batch.epoch) return "lease-lost";
    const { endpoints, history, lanes } = this.#parts;
    for (const settlement of batch.settlements) this.#settle(settlement);
    for (const lane of batch.lanes) lanes.put(lane);
    for (const endpoint of batch.restedLanes) lanes.remove(endpoint);
    for (const event of batch.events) history.addEvent(event);
    for (const { endpoint, event, rule } of batch.disables) {
      if (endpoints.disable(endpoint, { kind: "rule", rule }, event.at)) history.addEvent(event);
    }
    return "recorded";
  }

  #settle(settlement: Settlement): void {
    const { attempts, deliveries, queue } = this.#parts;
    switch (settlement.kind) {
      case "retry": {
        const { attempt, due, rule } = settlement;
        attempts.add(attempt);
        queue.move(attempt.delivery, { due, rule, attempts: attempt.number });
        return;
      }
      case "end": {
        const { attempt, reason } = settlement;
        attempts.add(attempt);
        const row = this.#take(attempt);
        if (row === undefined) return;
        const at = attempt.startedAt + attempt.phases.totalMs;
        deliveries.end(row, { reason, attempts: attempt.number, at: Math.round(at) });
        return;
      }
      case "discard": {
        const row = queue.take(settlement.delivery);
        if (row === undefined) return;
        const { at, reason } = settlement;
        deliveries.end(row, { reason, attempts: row.attempts, at });
      }
    }
  }

  #take(attempt: Attempt): Ending | undefined {
    const { queue } = this.#parts;
    const { application, delivery, endpoint, message } = attempt;
    const partition = queue.partitionOf(endpoint);
    if (partition === undefined || !queue.takePlanned(delivery)) return queue.take(delivery);
    return { message, endpoint, delivery, application, partition, resent: 0, resend_of: null };
  }
}
