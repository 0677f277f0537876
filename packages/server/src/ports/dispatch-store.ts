import type { Attempt, DueRule } from "../domain/delivery.ts";
import type {
  EndpointEvent,
  EndpointHeaders,
  EndpointSecret,
  EndpointRule,
} from "../domain/endpoint.ts";
import type { ApplicationId, DeliveryId, EndpointId, MessageId } from "../domain/ids.ts";
import type { LaneRecord } from "../domain/lane.ts";
import type { MessageContent } from "../domain/message.ts";
import type { EndReason } from "../domain/reasons.ts";

/** What a delivery of an endpoint is sent with; changes come over the feed. */
export interface Target {
  readonly endpoint: EndpointId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly version: number;
  readonly url: string;
  readonly headers: EndpointHeaders | null;
  readonly secrets: readonly EndpointSecret[];
  readonly throttleRate: number | null;
  readonly applicationThrottleRate: number | null;
  readonly gate: "open" | "paused" | "disabled" | "endpoint-deleted" | "application-deleted";
}

/** A delivery that can be sent: its queue row and its message. */
export interface QueuedDelivery {
  readonly id: DeliveryId;
  readonly application: ApplicationId;
  readonly endpoint: EndpointId;
  readonly message: MessageId;
  readonly due: number;
  readonly rule: DueRule;
  readonly attempts: number;
  readonly resendOf: DeliveryId | null;
  readonly expiresAt: number | null;
  /** `null` once the message's content was deleted. */
  readonly content: MessageContent | null;
}

export interface LaneStart {
  readonly endpoint: EndpointId;
  /** The earliest due time in its queue. */
  readonly due: number;
}

export interface Takeover {
  /** Those that it has now: all, or what other workers leave to it. */
  readonly partitions: readonly number[];
  /** Raised by one with each takeover. */
  readonly epoch: number;
  /** Endpoints that have waiting deliveries, found by skipping through the queue's index. */
  readonly lanes: readonly LaneStart[];
  /** What the last owner wrote. */
  readonly records: readonly LaneRecord[];
  /** There was an owner before, and it did not release the partitions: it ended as in a crash. */
  readonly afterCrash: boolean;
}

export interface ExpiredDelivery {
  readonly id: DeliveryId;
  readonly endpoint: EndpointId;
  readonly partition: number;
}

export interface LaneWindow {
  /** In key order: due, then id. */
  readonly deliveries: readonly QueuedDelivery[];
  /** The due time of the first row that was not returned; `null` when there is none. */
  readonly nextDue: number | null;
}

export type Settlement =
  | {
      readonly kind: "retry";
      readonly attempt: Attempt;
      readonly due: number;
      readonly rule: DueRule;
    }
  | { readonly kind: "end"; readonly attempt: Attempt; readonly reason: EndReason }
  /** It ends without an attempt. */
  | {
      readonly kind: "discard";
      readonly delivery: DeliveryId;
      readonly endpoint: EndpointId;
      readonly reason: EndReason;
      readonly at: number;
    };

/** A rule's decision about an endpoint; it becomes a revision and an endpoint event. */
export interface DisableByRule {
  readonly endpoint: EndpointId;
  readonly rule: EndpointRule;
  /** Its `kind` is `disabled`. */
  readonly event: EndpointEvent;
}

export interface RecordBatch {
  readonly epoch: number;
  readonly settlements: readonly Settlement[];
  readonly lanes: readonly LaneRecord[];
  /** Lanes that are at rest again: their record is removed. */
  readonly restedLanes: readonly EndpointId[];
  readonly events: readonly EndpointEvent[];
  readonly disables: readonly DisableByRule[];
}

/**
 * The owner's side of the store. Nothing is claimed: one owner holds a partition, so it alone
 * reads its queue and ends its deliveries.
 */
export interface DispatchStore {
  /**
   * Takes every partition (the embedded store has one process), or its share of them (see
   * `PartitionSharing`), and says what is waiting there.
   */
  takeOver(worker: string): Promise<Takeover>;
  /** Unknown endpoints are left out. */
  targets(endpoints: readonly EndpointId[]): Promise<readonly Target[]>;
  /**
   * The first deliveries of an endpoint's queue that are due at `now`, in key order, at most
   * `limit` rows and about `maxBytes` of bodies (one row at least). `skip` are ids that the caller
   * already holds: they are passed over.
   */
  readLane(read: {
    readonly endpoint: EndpointId;
    readonly now: number;
    readonly limit: number;
    readonly maxBytes: number;
    readonly skip: readonly DeliveryId[];
  }): Promise<LaneWindow>;
  /** Waiting deliveries whose expiry has passed at `now`, the earliest first, without content. */
  expired(now: number, limit: number): Promise<readonly ExpiredDelivery[]>;
  /** The first `limit` waiting deliveries of an endpoint, due or not, for discarding them. */
  waitingOf(endpoint: EndpointId, limit: number): Promise<readonly DeliveryId[]>;
  /**
   * Writes attempts, moves or ends deliveries, lanes, events and disables in one commit, on disk
   * before it resolves. A settlement of a delivery that is no longer waiting keeps its attempt and
   * changes nothing else. `lease-lost`: nothing was written, another owner has the partitions. Where
   * workers share them, what is of a partition that was lost is left out, and the loss is told.
   */
  record(batch: RecordBatch): Promise<"recorded" | "lease-lost">;
  /** Notes that the owner of `epoch` stopped in order; nothing changes when it is another's. */
  release(epoch: number): Promise<void>;
}

/** What the store tells the owner, in commit order with the answers to its reads. */
export type FeedItem =
  /** Committed deliveries with their content, those that a resend made or moved among them. */
  | { readonly kind: "committed"; readonly deliveries: readonly QueuedDelivery[] }
  /** Committed, but not carried here (the feed is full, or they are not due yet): read them. */
  | { readonly kind: "waiting"; readonly lanes: readonly LaneStart[] }
  | { readonly kind: "changed"; readonly targets: readonly Target[] }
  /** Changes may have been missed: every target is to be looked up again. */
  | { readonly kind: "changes-missed" };

export interface DispatchFeed {
  /**
   * Called with batches of items as they are committed. The store carries at most a bounded
   * number of bytes ahead of the listener's return.
   */
  listen(listener: (items: readonly FeedItem[]) => void): void;
}
