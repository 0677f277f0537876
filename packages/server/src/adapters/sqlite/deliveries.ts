import { toEnded, toWaiting } from "../sql/delivery-rows.ts";
import { idTimeMs } from "../../domain/ids.ts";
import type { ApplicationId, DeliveryId, EndpointId, MessageId } from "../../domain/ids.ts";
import type { DeliveryState, EndReason } from "../../domain/reasons.ts";
import type { DeliveryView, MessageFilter } from "../../ports/message-store.ts";
import type { Page } from "../../ports/paging.ts";
import type { Database } from "./database.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Lanes } from "./lanes.ts";
import { endStateOf, stateOfView } from "../sql/end-states.ts";
import { idBounds, isFiltering, matchesMessage } from "../sql/message-filter.ts";
import type { Messages } from "./messages.ts";
import { firstId, lastId, mergeByKey } from "../sql/keyed-rows.ts";
import { readPage } from "./paging.ts";
import type { Queue, QueueRow } from "./queue.ts";
import type { Shared } from "./shared.ts";

interface Row {
  readonly message: MessageId;
  readonly endpoint: EndpointId;
  readonly delivery: DeliveryId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly reason: EndReason;
  readonly attempts: number;
  readonly ended_at: number;
  readonly resend_of: DeliveryId | null;
}

/** A place in a list: the latest delivery under one key, waiting or ended. */
interface Entry<Key> {
  readonly key: Key;
  readonly delivery: DeliveryId;
  /** `null`: waiting. */
  readonly state: number | null;
}

const columns = `message, endpoint, delivery, application, partition, state, resent, reason, attempts,
  ended_at, resend_of`;

/** What a queue row says that an ended delivery keeps. */
export type Ending = Pick<
  QueueRow,
  "message" | "endpoint" | "delivery" | "application" | "partition" | "resent" | "resend_of"
>;

export interface DeliveryParts {
  readonly queue: Queue;
  readonly lanes: Lanes;
  readonly endpoints: Endpoints;
  readonly messages: Messages;
}

/** The ended deliveries, and lists over them and the waiting ones. */
export class Deliveries {
  readonly #shared: Shared;
  readonly #parts: DeliveryParts;
  readonly #insert;
  readonly #find;
  readonly #latest;
  readonly #ofMessage;
  readonly #ofEndpoint;
  readonly #waitingOfEndpoint;

  constructor(database: Database, shared: Shared, parts: DeliveryParts) {
    this.#shared = shared;
    this.#parts = parts;
    this.#insert = database.prepare(
      `INSERT INTO deliveries (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare<Row>(
      `SELECT ${columns} FROM deliveries WHERE message = ? AND endpoint = ? AND delivery = ?`,
    );
    this.#latest = database.prepare<{ delivery: DeliveryId }>(
      `SELECT delivery FROM deliveries WHERE message = ? AND endpoint = ?
       ORDER BY delivery DESC LIMIT 1`,
    );
    // The bare column `state` is that of the row with max(delivery): SQLite promises it.
    this.#ofMessage = {
      ascending: database.prepare<Entry<EndpointId>>(
        `SELECT endpoint AS key, max(delivery) AS delivery, state FROM deliveries
         WHERE message = ? AND endpoint > ? GROUP BY endpoint ORDER BY endpoint LIMIT ?`,
      ),
      descending: database.prepare<Entry<EndpointId>>(
        `SELECT endpoint AS key, max(delivery) AS delivery, state FROM deliveries
         WHERE message = ? AND endpoint < ? GROUP BY endpoint ORDER BY endpoint DESC LIMIT ?`,
      ),
    };
    this.#ofEndpoint = {
      ascending: database.prepare<Entry<MessageId>>(
        `SELECT message AS key, max(delivery) AS delivery, state FROM deliveries
         WHERE endpoint = ? AND message > ? AND message < ?
         GROUP BY message ORDER BY message LIMIT ?`,
      ),
      descending: database.prepare<Entry<MessageId>>(
        `SELECT message AS key, max(delivery) AS delivery, state FROM deliveries
         WHERE endpoint = ? AND message > ? AND message < ?
         GROUP BY message ORDER BY message DESC LIMIT ?`,
      ),
    };
    this.#waitingOfEndpoint = {
      ascending: database.prepare<Entry<MessageId>>(
        `SELECT message AS key, delivery, NULL AS state FROM queue
         WHERE endpoint = ? AND message > ? AND message < ? ORDER BY message LIMIT ?`,
      ),
      descending: database.prepare<Entry<MessageId>>(
        `SELECT message AS key, delivery, NULL AS state FROM queue
         WHERE endpoint = ? AND message > ? AND message < ? ORDER BY message DESC LIMIT ?`,
      ),
    };
  }

  /** Writes the end of a delivery that was taken out of the queue. */
  end(row: Ending, how: { reason: EndReason; attempts: number; at: number }): void {
    const state = endStateOf(how.reason);
    this.#insert.run(
      row.message,
      row.endpoint,
      row.delivery,
      row.application,
      row.partition,
      state,
      row.resent,
      how.reason,
      how.attempts,
      how.at,
      row.resend_of,
    );
    const madeBy = row.resent === 1 ? row.delivery : row.message;
    this.#shared.rollups.ended(row.endpoint, idTimeMs(madeBy), state);
  }

  latestEnded(message: MessageId, endpoint: EndpointId): DeliveryId | null {
    return this.#latest.get(message, endpoint)?.delivery ?? null;
  }

  listDeliveriesOfMessage(message: MessageId, page: Page<EndpointId>) {
    const { endpoints, queue } = this.#parts;
    const rows = (descending: boolean, bound: EndpointId | undefined, limit: number) => {
      const beyond = bound ?? (descending ? lastId : firstId);
      const waiting = queue.ofMessage(message, beyond, { descending, limit });
      const statement = descending ? this.#ofMessage.descending : this.#ofMessage.ascending;
      return mergeByKey<Entry<EndpointId>>(
        waiting.map(({ endpoint, delivery }) => ({ key: endpoint, delivery, state: null })),
        statement.all(message, beyond, limit),
        (entry) => entry.key,
        { descending, limit },
      );
    };
    return readPage(page, { rows, keyOf: (entry) => entry.key }, false, (entry) => {
      const endpoint = endpoints.everById(entry.key)?.endpoint;
      const view = this.#view(entry, message, entry.key);
      return endpoint === undefined || view === undefined ? undefined : { view, endpoint };
    });
  }

  listDeliveriesOfEndpoint(
    endpoint: EndpointId,
    filter: MessageFilter & { readonly state?: DeliveryState },
    page: Page<MessageId>,
  ) {
    const bounds = idBounds(filter);
    const rows = (descending: boolean, bound: MessageId | undefined, limit: number) => {
      const order = descending ? "descending" : "ascending";
      const above = descending ? bounds.above : bounds.aboveOr(bound);
      const below = bounds.below(descending ? bound : undefined);
      return mergeByKey<Entry<MessageId>>(
        this.#waitingOfEndpoint[order].all(endpoint, above, below, limit),
        this.#ofEndpoint[order].all(endpoint, above, below, limit),
        (entry) => entry.key,
        { descending, limit },
      );
    };
    const accept = this.#acceptOf(endpoint, filter);
    const filtered = isFiltering(filter) || filter.state !== undefined;
    return readPage(page, { rows, keyOf: (entry) => entry.key }, filtered, accept);
  }

  #acceptOf(endpoint: EndpointId, filter: MessageFilter & { readonly state?: DeliveryState }) {
    const { messages } = this.#parts;
    const now = this.#shared.now();
    return (entry: Entry<MessageId>) => {
      if (isFiltering(filter)) {
        const meta = messages.meta(entry.key);
        if (meta === undefined || !matchesMessage(filter, meta)) return undefined;
      }
      const view = this.#view(entry, entry.key, endpoint);
      if (view === undefined) return undefined;
      if (filter.state !== undefined && filter.state !== stateOfView(view, now)) return undefined;
      const message = messages.byId(entry.key);
      return message === undefined ? undefined : { view, message };
    };
  }

  #view(entry: Entry<unknown>, message: MessageId, endpoint: EndpointId): DeliveryView | undefined {
    if (entry.state !== null) {
      const row = this.#find.get(message, endpoint, entry.delivery);
      return row === undefined ? undefined : { kind: "ended", delivery: toEnded(row) };
    }
    const row = this.#parts.queue.find(entry.delivery);
    if (row === undefined) return undefined;
    return {
      kind: "waiting",
      delivery: toWaiting(row),
      lane: this.#parts.lanes.laneOf(endpoint),
      endpoint: this.#parts.endpoints.byId(endpoint),
    };
  }
}
