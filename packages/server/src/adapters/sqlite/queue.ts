import type { DueRule } from "../../domain/delivery.ts";
import type { ApplicationId, DeliveryId, EndpointId, MessageId } from "../../domain/ids.ts";
import type { MessageContent } from "../../domain/message.ts";
import type {
  DispatchStore,
  ExpiredDelivery,
  LaneStart,
  LaneWindow,
  QueuedDelivery,
} from "../../ports/dispatch-store.ts";
import type { Database } from "./database.ts";

export interface QueueRow {
  readonly delivery: DeliveryId;
  readonly partition: number;
  readonly endpoint: EndpointId;
  readonly due: number;
  readonly application: ApplicationId;
  readonly message: MessageId;
  readonly attempts: number;
  readonly rule: DueRule;
  readonly resend_of: DeliveryId | null;
  readonly resent: number;
  readonly expires_at: number | null;
}

interface LaneRow extends LaneStart {
  readonly partition: number;
}

const columns = `delivery, partition, endpoint, due, application, message, attempts, rule,
  resend_of, resent, expires_at`;

/** Passed over within the index: a row that is read into JavaScript costs many times that. */
const notSkipped = "delivery NOT IN (SELECT value FROM json_each(?))";

const cachedPartitions = 100_000;

/** The waiting deliveries. The owner reads them in the order (due, delivery) of each endpoint. */
export class Queue {
  readonly #partitions = new Map<EndpointId, number>();
  readonly #insert;
  readonly #find;
  readonly #ofMessage;
  readonly #move;
  readonly #remove;
  readonly #takePlanned;
  readonly #partition;
  readonly #due;
  readonly #later;
  readonly #nextLane;
  readonly #first;
  readonly #expired;
  readonly #pageOfMessage;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO queue (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare<QueueRow>(`SELECT ${columns} FROM queue WHERE delivery = ?`);
    this.#ofMessage = database.prepare<QueueRow>(
      `SELECT ${columns} FROM queue WHERE message = ? AND endpoint = ?`,
    );
    this.#move = database.prepare(
      "UPDATE queue SET due = ?, rule = ?, attempts = ? WHERE delivery = ?",
    );
    this.#remove = database.prepare("DELETE FROM queue WHERE delivery = ?");
    this.#takePlanned = database.prepare("DELETE FROM queue WHERE delivery = ? AND resent = 0");
    this.#partition = database.prepare<{ partition: number }>(
      "SELECT partition FROM endpoints WHERE id = ?",
    );
    this.#due = database.prepare<QueueRow>(
      `SELECT ${columns} FROM queue WHERE partition = ? AND endpoint = ? AND due <= ?
       AND ${notSkipped} ORDER BY due, delivery LIMIT ?`,
    );
    this.#later = database.prepare<{ due: number }>(
      `SELECT due FROM queue WHERE partition = ? AND endpoint = ? AND due > ?
       AND ${notSkipped} ORDER BY due, delivery LIMIT 1`,
    );
    this.#nextLane = database.prepare<LaneRow>(
      `SELECT partition, endpoint, due FROM queue WHERE (partition, endpoint) > (?, ?)
       ORDER BY partition, endpoint, due LIMIT 1`,
    );
    this.#first = database.prepare<{ delivery: DeliveryId }>(
      `SELECT delivery FROM queue WHERE partition = ? AND endpoint = ?
       ORDER BY due, delivery LIMIT ?`,
    );
    this.#expired = database.prepare<{ delivery: DeliveryId; endpoint: EndpointId }>(
      `SELECT delivery, endpoint FROM queue WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`,
    );
    this.#pageOfMessage = {
      ascending: database.prepare<{ endpoint: EndpointId; delivery: DeliveryId }>(
        `SELECT endpoint, delivery FROM queue WHERE message = ? AND endpoint > ?
         ORDER BY endpoint LIMIT ?`,
      ),
      descending: database.prepare<{ endpoint: EndpointId; delivery: DeliveryId }>(
        `SELECT endpoint, delivery FROM queue WHERE message = ? AND endpoint < ?
         ORDER BY endpoint DESC LIMIT ?`,
      ),
    };
  }

  /** An endpoint keeps its partition for ever, so it is read once. */
  partitionOf(endpoint: EndpointId): number | undefined {
    const known = this.#partitions.get(endpoint);
    if (known !== undefined) return known;
    const partition = this.#partition.get(endpoint)?.partition;
    if (partition === undefined) return undefined;
    if (this.#partitions.size >= cachedPartitions) this.#partitions.clear();
    this.#partitions.set(endpoint, partition);
    return partition;
  }

  add(queued: QueuedDelivery, how: { readonly partition: number; readonly resent: boolean }): void {
    this.#insert.run(
      queued.id,
      how.partition,
      queued.endpoint,
      queued.due,
      queued.application,
      queued.message,
      queued.attempts,
      queued.rule,
      queued.resendOf,
      Number(how.resent),
      queued.expiresAt,
    );
  }

  find(delivery: DeliveryId): QueueRow | undefined {
    return this.#find.get(delivery);
  }

  /** A message has at most one waiting delivery to an endpoint. */
  waiting(message: MessageId, endpoint: EndpointId): QueueRow | undefined {
    return this.#ofMessage.get(message, endpoint);
  }

  /** A page of a message's waiting deliveries beyond an endpoint. */
  ofMessage(message: MessageId, beyond: number, how: { descending: boolean; limit: number }) {
    const { ascending, descending } = this.#pageOfMessage;
    return (how.descending ? descending : ascending).all(message, beyond, how.limit);
  }

  /** Says whether it was waiting. */
  move(delivery: DeliveryId, to: { due: number; rule: DueRule; attempts: number }): boolean {
    return this.#move.run(to.due, to.rule, to.attempts, delivery).changes !== 0;
  }

  /** Takes it out of the queue; `undefined` when it was not waiting. */
  take(delivery: DeliveryId): QueueRow | undefined {
    const row = this.find(delivery);
    if (row !== undefined) this.#remove.run(delivery);
    return row;
  }

  /**
   * Takes one out that a publish planned, as nearly all are: what its row says is known without
   * reading it, which is most of the cost. False for others, and when it was not waiting.
   */
  takePlanned(delivery: DeliveryId): boolean {
    return this.#takePlanned.run(delivery).changes !== 0;
  }

  /** One probe an endpoint, whatever waits there. */
  lanes(): readonly LaneStart[] {
    const lanes: LaneStart[] = [];
    let row = this.#nextLane.get(-1, -1);
    while (row !== undefined) {
      lanes.push({ endpoint: row.endpoint, due: row.due });
      row = this.#nextLane.get(row.partition, row.endpoint);
    }
    return lanes;
  }

  /** The next endpoint of a partition that has waiting deliveries, and the earliest due time. */
  laneBeyond(partition: number, endpoint: number): LaneStart | undefined {
    const row = this.#nextLane.get(partition, endpoint);
    return row?.partition === partition ? row : undefined;
  }

  readLane(
    read: Parameters<DispatchStore["readLane"]>[0],
    contentOf: (message: MessageId) => MessageContent | null,
  ): LaneWindow {
    const { endpoint, limit, maxBytes, now } = read;
    const partition = this.partitionOf(endpoint);
    if (partition === undefined) return { deliveries: [], nextDue: null };
    const skip = JSON.stringify(read.skip);
    const deliveries: QueuedDelivery[] = [];
    let bytes = 0;
    for (const row of this.#due.all(partition, endpoint, now, skip, limit + 1)) {
      if (deliveries.length === limit || (deliveries.length > 0 && bytes >= maxBytes)) {
        return { deliveries, nextDue: row.due };
      }
      const content = contentOf(row.message);
      bytes += content?.body.byteLength ?? 0;
      deliveries.push(toQueued(row, content));
    }
    return { deliveries, nextDue: this.#later.get(partition, endpoint, now, skip)?.due ?? null };
  }

  expired(now: number, limit: number): readonly ExpiredDelivery[] {
    return this.#expired.all(now, limit).map(({ delivery: id, endpoint }) => {
      // Of an endpoint that is gone: any, as this owner has all.
      return { id, endpoint, partition: this.partitionOf(endpoint) ?? 0 };
    });
  }

  waitingOf(endpoint: EndpointId, limit: number): readonly DeliveryId[] {
    const partition = this.partitionOf(endpoint);
    if (partition === undefined) return [];
    return this.#first.all(partition, endpoint, limit).map((row) => row.delivery);
  }
}

function toQueued(row: QueueRow, content: MessageContent | null): QueuedDelivery {
  return {
    id: row.delivery,
    application: row.application,
    endpoint: row.endpoint,
    message: row.message,
    due: row.due,
    rule: row.rule,
    attempts: row.attempts,
    resendOf: row.resend_of,
    expiresAt: row.expires_at,
    content,
  };
}
