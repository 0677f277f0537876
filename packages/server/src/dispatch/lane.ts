import { closedBreaker } from "../domain/breaker.ts";
import type { Breaker } from "../domain/breaker.ts";
import { startConcurrency } from "../domain/concurrency.ts";
import type { Concurrency, ConcurrencyPolicy } from "../domain/concurrency.ts";
import type { Trigger } from "../domain/delivery.ts";
import { notFailing } from "../domain/failing.ts";
import type { Failing } from "../domain/failing.ts";
import type { DeliveryId, EndpointId } from "../domain/ids.ts";
import type { LaneLimit, LaneRecord } from "../domain/lane.ts";
import type { RateLimit } from "../domain/rate-limit.ts";
import type { QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import type { Pace } from "./pace.ts";
import { IdTable } from "./id-table.ts";
import { Ring } from "../domain/ring.ts";
import type { Linked } from "../domain/ring.ts";
import type { Slot } from "./slots.ts";
import type { Tenure } from "./tenures.ts";
import type { Timer } from "./timers.ts";
import { createSeat } from "./turns.ts";
import type { Seat } from "./turns.ts";

/**
 * A lane is the queue of one endpoint as its owner works on it. Its rows lie in the store; in
 * memory is a window of the first that are due. Every delivery of it is in one of four places:
 *
 *     store ──read, or fresh from the feed──▶ window ──its turn──▶ under way ──▶ being recorded
 *       ▲                                       │                                     │
 *       └──── the lane closes: window dropped ──┘          retry: its row has moved ──┘ or it ended
 *
 * `unread` is the earliest due time that a row outside of the other three may have; `null` says
 * that the store holds no such row. It is never later than the truth, so nothing is forgotten: a
 * row that is dropped, moved or announced lowers it, and only the answer to a read raises it.
 * The order of commits is the order of what the feed and the reads say (see the port), so fresh
 * deliveries may go into the window while `unread` is later than they are due.
 *
 * What a lane does next follows from its fields alone (`step.ts`) and is looked at after each
 * change. It is
 *
 * - `idle`: nothing waits. At rest it stays only as long as there is room for what is known of it;
 * - `load`: its target is not known yet;
 * - `discard`: its endpoint was deleted: what waits ends, in steps;
 * - `closed`: paused or disabled, until the feed says otherwise, or on its way to another owner;
 * - `until` a time: the receiver asked to wait, the breaker is open, the rate is used up, or the
 *   first row is not due;
 * - `shared`: the application's rate is used up, and its lanes queue for it;
 * - `busy`: a request, a record or a read under way has to end first;
 * - `read`: rows are due and the window is empty;
 * - `send`: the first of its window can go as soon as it has its turn and a slot.
 *
 * A closed lane (`closed`, `discard`, or `until` for the endpoint's sake) holds no window.
 */
export class Lane {
  readonly endpoint: EndpointId;
  target: Target | undefined;
  /** Of its partition; known with the target. */
  tenure: Tenure | undefined;
  /** The store does not know the endpoint. */
  missing = false;
  /** Due, in key order, with content. */
  window: QueuedDelivery[] = [];
  unread: number | null = null;
  reading: Reading | undefined;
  /** After a read that failed, or brought nothing although something is due. */
  readNotBefore = 0;
  /** From the oldest to the youngest. */
  readonly flights = new Ring<Flight>();
  /** How many outcomes are on their way into the store. */
  recording = 0;
  /** Where each delivery is that is in memory. */
  readonly places = new IdTable<DeliveryId, Place>();
  /** Among the lanes that may send, and among those that want to read. */
  readonly sendSeat: Seat<Lane> = createSeat<Lane>(this);
  readonly readSeat: Seat<Lane> = createSeat<Lane>(this);
  /**
   * Under way since then when the last owner wrote the lane, which then ended without a word on
   * them.
   */
  interrupted: ReadonlyMap<DeliveryId, number> = new Map();
  /**
   * The last owner crashed: of what was due before this time, any may have had an attempt under way
   * that was too young to be in the lane's record. `null`: none.
   */
  suspectBefore: number | null = null;

  breaker: Breaker = closedBreaker;
  concurrency: Concurrency;
  failing: Failing = notFailing;
  askedToWaitUntil: number | null = null;
  rate: RateLimit | undefined;
  averageMs: number | undefined;
  /** It answered since it is known here. */
  proven = false;
  /** When it last opened: waiting before that was not for the sake of a turn. */
  releasedAt = 0;

  limit: LimitSeen | undefined;
  /** What the budget counts, and under which pace. */
  heldBytes = 0;
  heldAs: Pace = "unproven";
  /** `undefined`: at rest in the store. */
  written: LaneRecord | undefined;
  writtenAt = 0;
  readonly timer: Timer;

  constructor(endpoint: EndpointId, policy: ConcurrencyPolicy, createTimer: (lane: Lane) => Timer) {
    this.endpoint = endpoint;
    this.concurrency = startConcurrency(policy);
    this.timer = createTimer(this);
  }
}

export type Place = "window" | "under-way" | "recording";

/** A read under way, and what was learned since it was asked for. */
export interface Reading {
  readonly arrived: QueuedDelivery[];
  unread: number | null;
  /** The lane closed meanwhile: the rows are not wanted any more. */
  unwanted: boolean;
}

/** The lane was held up by `by` from `since` to `seen` at least. */
export interface LimitSeen {
  readonly by: LaneLimit;
  readonly since: number;
  readonly seen: number;
}

/** A request under way. */
export interface Flight extends Linked<Flight> {
  readonly delivery: QueuedDelivery;
  readonly target: Target;
  readonly tenure: Tenure;
  readonly trigger: Trigger;
  readonly probe: boolean;
  readonly startedAt: number;
  readonly queueMs: number;
  /** An attempt before it may have been under way when the last owner crashed. */
  readonly suspect: boolean;
  /** One that only settles what the last owner had under way has none. */
  readonly slot: Slot | undefined;
  /** A person asked for it again meanwhile. */
  askedAgain: boolean;
}

/** Notes that a row which is due then may be in the store only. */
export function noteUnread(lane: Lane, due: number | null): void {
  lane.unread = earlier(lane.unread, due);
  if (lane.reading !== undefined) lane.reading.unread = earlier(lane.reading.unread, due);
}

export function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

export function holds(lane: Lane, delivery: DeliveryId): boolean {
  return lane.places.has(delivery);
}

export function isSuspect(lane: Lane, delivery: Pick<QueuedDelivery, "due">): boolean {
  return lane.suspectBefore !== null && delivery.due < lane.suspectBefore;
}

/** Something waits in it whose next attempt has to say that one before it may have been made. */
export function hasSuspects(lane: Lane): boolean {
  if (lane.suspectBefore === null) return false;
  const isUnread = lane.unread !== null && lane.unread < lane.suspectBefore;
  return isUnread || lane.window.some((held) => isSuspect(lane, held));
}

export function bodyBytes(delivery: QueuedDelivery): number {
  return delivery.content?.body.byteLength ?? 0;
}

/** Another owner has it, or is about to. */
export function isLeaving(lane: Lane): boolean {
  return lane.tenure !== undefined && lane.tenure.state !== "held";
}

export function isAtWork(lane: Lane): boolean {
  return lane.flights.size > 0 || lane.recording > 0 || lane.reading !== undefined;
}

export function isDeleted(lane: Lane): boolean {
  const gate = lane.target?.gate;
  return lane.missing || gate === "endpoint-deleted" || gate === "application-deleted";
}

/** Its endpoint is gone for good: its lane has nothing to remember. */
export function forgetTrouble(lane: Lane): void {
  lane.breaker = closedBreaker;
  lane.failing = notFailing;
  lane.askedToWaitUntil = null;
  lane.concurrency = { ...lane.concurrency, limit: Infinity };
  lane.limit = undefined;
}

/** Why the deliveries of a deleted lane end. */
export function deletionOf(lane: Lane): "application-deleted" | "endpoint-deleted" {
  return lane.target?.gate === "application-deleted" ? "application-deleted" : "endpoint-deleted";
}

/** Fast once it answered, slow while its answers or its oldest request take long. */
export function paceOf(lane: Lane, now: number, slowMs: number): Pace {
  const oldest = lane.flights.first;
  if (oldest !== undefined && now - oldest.startedAt >= slowMs) return "slow";
  if (lane.averageMs !== undefined && lane.averageMs >= slowMs) return "slow";
  return lane.proven ? "fast" : "unproven";
}
