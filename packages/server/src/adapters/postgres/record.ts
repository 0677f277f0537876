import type { EndpointId } from "../../domain/ids.ts";
import type { LaneStart, RecordBatch, Settlement, Takeover } from "../../ports/dispatch-store.ts";
import { Effects } from "../sql/effects.ts";
import type { Database, Sql } from "./database.ts";
import { addEvent } from "./endpoint-history.ts";
import { disableEndpoint } from "./endpoints.ts";
import type { InstallationRow } from "./installation.ts";
import { allLanes, putLanes, removeLanes } from "./lanes.ts";
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

/** The owner's writes, each under the epoch that it took the partitions with. */
export class Recorder {
  readonly #parts: RecorderParts;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** What whoever took the partitions over has to know. */
  async look(): Promise<Pick<Takeover, "partitions" | "lanes" | "records">> {
    const { database, installation } = this.#parts;
    const records = await allLanes(database);
    return { partitions: installation.partitions, lanes: await this.#lanes(), records };
  }

  /** `effects` of what a rule disabled are added when it is committed. */
  async record(batch: RecordBatch, effects: Effects): Promise<"recorded" | "lease-lost"> {
    const { database, installation, places } = this.#parts;
    await installation.reserve(largestId(batch));
    await places.learn(database, endpointsOf(batch));
    const { disables, events, lanes, restedLanes, settlements } = batch;
    const more = disables.length + events.length + lanes.length + restedLanes.length > 0;
    if (!more && settlements.length === 0) return "recorded";
    const write = (sql: Sql) => this.#settle(sql, batch);
    if (!more) return database.retry(write);
    const { answer, caused } = await database.transact(async (sql) => {
      const caused = new Effects();
      return { answer: await this.#writeAll({ ...sql, effects: caused, places }, batch), caused };
    });
    for (const effect of caused.take()) effects.add(effect);
    return answer;
  }

  async #writeAll(tx: Transaction, batch: RecordBatch): Promise<"recorded" | "lease-lost"> {
    if ((await this.#settle(tx, batch)) === "lease-lost") return "lease-lost";
    await this.#writeLanes(tx, batch);
    for (const event of batch.events) {
      await addEvent(tx, this.#partitionOf(event.endpoint), event);
    }
    for (const { endpoint, event, rule } of batch.disables) {
      const by = { by: { kind: "rule", rule }, at: event.at } as const;
      if (await disableEndpoint(tx, endpoint, by)) {
        await addEvent(tx, this.#partitionOf(endpoint), event);
      }
    }
    return "recorded";
  }

  async #settle(sql: Sql, batch: RecordBatch): Promise<"recorded" | "lease-lost"> {
    const { places, writer } = this.#parts;
    const placed = batch.settlements.map((settlement): Placed => {
      return { settlement, partition: this.#partitionOf(endpointOf(settlement)) };
    });
    const touched = [...endpointsOf(batch)].map((endpoint) => this.#partitionOf(endpoint));
    const partitions = [...new Set(touched)];
    const values = recordValues(placed, { epoch: batch.epoch, partitions, writer });
    const outcome = await sql.get(recordStatement, ...values);
    if (outcome?.held !== true) return "lease-lost";
    const unplaced = new Set(outcome.unplaced);
    if (unplaced.size === 0) return "recorded";
    const attempts = attemptsOf(placed).filter(({ attempt }) => unplaced.has(attempt.id));
    await sql.run(addUnplaced, ...attemptValues(attempts), places.everywhere);
    return "recorded";
  }

  async #writeLanes(sql: Sql, { lanes, restedLanes }: RecordBatch): Promise<void> {
    const place = (endpoint: EndpointId) => ({ endpoint, partition: this.#partitionOf(endpoint) });
    await putLanes(
      sql,
      lanes.map((record) => ({ ...place(record.endpoint), record })),
    );
    await removeLanes(sql, restedLanes.map(place));
  }

  async #lanes(): Promise<readonly LaneStart[]> {
    const lanes: LaneStart[] = [];
    let beyond = { partition: -1, endpoint: -1 };
    for (;;) {
      const found = await lanesWithWork(this.#parts.database, beyond, lanesAtOnce);
      for (const { due, endpoint } of found) lanes.push({ endpoint, due });
      const last = found.at(-1);
      if (last === undefined || found.length < lanesAtOnce) return lanes;
      beyond = last;
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
