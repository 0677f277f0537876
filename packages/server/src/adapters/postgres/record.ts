import type { EndpointId } from "../../domain/ids.ts";
import type { LaneStart, RecordBatch, Settlement, Takeover } from "../../ports/dispatch-store.ts";
import { Effects } from "../sql/effects.ts";
import type { Database, Sql } from "./database.ts";
import { addEvent } from "./endpoint-history.ts";
import { disableEndpoint } from "./endpoints.ts";
import type { InstallationRow } from "./installation.ts";
import { lanesOf, putLanes, removeLanes, type LanePlace } from "./lanes.ts";
import type { Places } from "./places.ts";
import { lanesWithWork } from "./queue.ts";
import { attemptValues } from "./attempts.ts";
import {
  addUnplaced,
  attemptsOf,
  recordStatement,
  recordValues,
  type Placed,
} from "./record-statement.ts";
import type { Transaction } from "./transaction.ts";

export interface RecorderParts {
  readonly database: Database;
  readonly installation: InstallationRow;
  readonly places: Places;
  readonly writer: number;
}

const lanesAtOnce = 1_000;

/** What outcomes are written under: a partition that another worker has, or had since, is left out. */
export interface Tenure {
  readonly worker: string;
  /** By partition, the epoch. */
  readonly leases: ReadonlyMap<number, number>;
}

/** The owner's writes, each under the epoch that it took the partition with. */
export class Recorder {
  readonly #parts: RecorderParts;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** What whoever took the partitions over has to know. */
  async look(partitions: readonly number[]): Promise<Pick<Takeover, "lanes" | "records">> {
    const records = await lanesOf(this.#parts.database, partitions);
    const lanes: LaneStart[] = [];
    for (const partition of partitions) lanes.push(...(await this.#lanes(partition)));
    return { lanes, records };
  }

  /** `effects` of what a rule disabled are added when it is committed. */
  async record(batch: RecordBatch, tenure: Tenure, effects: Effects): Promise<void> {
    const { database, installation, places } = this.#parts;
    await installation.reserve(largestId(batch));
    await places.learn(database, endpointsOf(batch));
    const { disables, events, lanes, restedLanes, settlements } = batch;
    const more = disables.length + events.length + lanes.length + restedLanes.length > 0;
    if (!more && settlements.length === 0) return;
    if (!more) {
      await database.retry((sql) => this.#settle(sql, batch, tenure));
      return;
    }
    const caused = await database.transact(async (sql) => {
      const caused = new Effects();
      await this.#writeAll({ ...sql, effects: caused, places }, batch, tenure);
      return caused;
    });
    for (const effect of caused.take()) effects.add(effect);
  }

  async #writeAll(tx: Transaction, batch: RecordBatch, tenure: Tenure): Promise<void> {
    const held = await this.#settle(tx, batch, tenure);
    await this.#writeLanes(tx, batch, held);
    for (const event of batch.events) {
      const partition = this.#partitionOf(event.endpoint);
      if (held.has(partition)) await addEvent(tx, partition, event);
    }
    for (const { endpoint, event, rule } of batch.disables) {
      const partition = this.#partitionOf(endpoint);
      const by = { by: { kind: "rule", rule }, at: event.at } as const;
      if (held.has(partition) && (await disableEndpoint(tx, endpoint, by))) {
        await addEvent(tx, partition, event);
      }
    }
  }

  /** Answers with the partitions that it may write in. */
  async #settle(sql: Sql, batch: RecordBatch, tenure: Tenure): Promise<ReadonlySet<number>> {
    const { places, writer } = this.#parts;
    const placed = batch.settlements.map((settlement): Placed => {
      return { settlement, partition: this.#partitionOf(endpointOf(settlement)) };
    });
    const touched = new Set([...endpointsOf(batch)].map((each) => this.#partitionOf(each)));
    const { leases, worker } = tenure;
    // In order, as whoever takes them locks them.
    const mine = [...leases]
      .filter(([partition]) => touched.has(partition))
      .toSorted(([a], [b]) => a - b);
    const outcome = await sql.get(
      recordStatement,
      ...recordValues(placed, { worker, leases: mine, writer }),
    );
    const unplaced = new Set(outcome?.unplaced);
    if (unplaced.size > 0) {
      const attempts = attemptsOf(placed).filter(({ attempt }) => unplaced.has(attempt.id));
      await sql.run(addUnplaced, ...attemptValues(attempts), places.everywhere);
    }
    return new Set(outcome?.held);
  }

  async #writeLanes(
    sql: Sql,
    { lanes, restedLanes }: RecordBatch,
    held: ReadonlySet<number>,
  ): Promise<void> {
    const place = (endpoint: EndpointId) => ({ endpoint, partition: this.#partitionOf(endpoint) });
    const isHeld = ({ partition }: LanePlace) => held.has(partition);
    await putLanes(
      sql,
      lanes.map((record) => ({ ...place(record.endpoint), record })).filter(isHeld),
    );
    await removeLanes(sql, restedLanes.map(place).filter(isHeld));
  }

  async #lanes(partition: number): Promise<readonly LaneStart[]> {
    const lanes: LaneStart[] = [];
    let beyond = -1;
    for (;;) {
      const more = { partition, beyond, most: lanesAtOnce };
      const found = await lanesWithWork(this.#parts.database, more);
      lanes.push(...found);
      const last = found.at(-1);
      if (last === undefined || found.length < lanesAtOnce) return lanes;
      beyond = last.endpoint;
    }
  }

  /** Of an endpoint that is not there any more nothing waits: any partition finds nothing. */
  #partitionOf(endpoint: EndpointId): number {
    return this.#parts.places.known(endpoint)?.partition ?? 0;
  }
}

function endpointOf(settlement: Settlement): EndpointId {
  return settlement.kind === "discard" ? settlement.endpoint : settlement.attempt.endpoint;
}

function endpointsOf(batch: RecordBatch): ReadonlySet<EndpointId> {
  return new Set([
    ...batch.settlements.map(endpointOf),
    ...batch.lanes.map(({ endpoint }) => endpoint),
    ...batch.restedLanes,
    ...batch.events.map(({ endpoint }) => endpoint),
    ...batch.disables.map(({ endpoint }) => endpoint),
  ]);
}

function largestId(batch: RecordBatch): number {
  let largest = 0;
  for (const settlement of batch.settlements) {
    if (settlement.kind !== "discard") largest = Math.max(largest, settlement.attempt.id);
  }
  for (const { id } of batch.events) largest = Math.max(largest, id);
  for (const { event } of batch.disables) largest = Math.max(largest, event.id);
  return largest;
}
