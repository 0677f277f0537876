import type { DeliveryId } from "../domain/ids.ts";
import { breakerStates } from "../domain/lane.ts";
import type { LaneLimit, LaneRecord } from "../domain/lane.ts";
import { restoreBreaker } from "../domain/breaker.ts";
import { restoreConcurrency } from "../domain/concurrency.ts";
import type { DispatchSettings } from "./settings.ts";
import type { Lane } from "./lane.ts";

// What lasts for less is not worth a write.
const notableMs = 1000;

/** What the store should say of a lane; `undefined`: it is at rest. */
export function toRecord(
  lane: Lane,
  now: number,
  settings: DispatchSettings,
): LaneRecord | undefined {
  const asked = lane.askedToWaitUntil;
  const record: LaneRecord = {
    endpoint: lane.endpoint,
    breaker: lane.breaker.state,
    probeAt: lane.breaker.probeAt,
    opened: lane.breaker.opened,
    consecutiveFailures: lane.failing.failures,
    failingSince: lane.failing.since,
    warnedAt: lane.failing.warnedAt,
    askedToWaitUntil: asked !== null && asked > now ? asked : null,
    concurrency: lane.concurrency.limit,
    limitedBy: limitOf(lane, now),
    sending: sendingFor(lane, now),
    updatedAt: now,
  };
  const rests =
    record.breaker === breakerStates[0] &&
    record.failingSince === null &&
    record.askedToWaitUntil === null &&
    // More than at the start is a good sign, and less is no news once nothing waits: neither is
    // worth a row for each healthy endpoint.
    (record.concurrency >= settings.concurrency.start || isEmpty(lane)) &&
    record.limitedBy === null &&
    record.sending.length === 0;
  return rests ? undefined : record;
}

function sendingFor(lane: Lane, now: number): LaneRecord["sending"] {
  const sending: { delivery: DeliveryId; startedAt: number }[] = [];
  for (const { delivery, startedAt } of lane.flights) {
    if (now - startedAt < notableMs) break;
    sending.push({ delivery: delivery.id, startedAt });
  }
  return sending;
}

function isEmpty(lane: Lane): boolean {
  return lane.unread === null && lane.window.length === 0 && lane.flights.size === 0;
}

/** A lane that sends once a second at its rate is limited all the time, not only in between. */
function limitOf(lane: Lane, now: number): LaneLimit | null {
  const { limit } = lane;
  if (limit === undefined || now - limit.since < notableMs) return null;
  return now - limit.seen < 2 * notableMs ? limit.by : null;
}

export function noteLimit(lane: Lane, by: LaneLimit | null, now: number): void {
  const before = lane.limit;
  if (by === null) {
    if (before !== undefined && now - before.seen >= notableMs) lane.limit = undefined;
    return;
  }
  const goes = before?.by === by && now - before.seen < 2 * notableMs;
  lane.limit = { by, since: goes ? before.since : now, seen: now };
}

export function sameRecord(a: LaneRecord | undefined, b: LaneRecord | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return JSON.stringify({ ...a, updatedAt: 0 }) === JSON.stringify({ ...b, updatedAt: 0 });
}

/** Takes over what the last owner wrote. */
export function restoreLane(
  lane: Lane,
  record: LaneRecord,
  now: number,
  settings: DispatchSettings,
): void {
  lane.breaker = restoreBreaker(record, now);
  lane.failing = {
    failures: record.consecutiveFailures,
    since: record.failingSince,
    warnedAt: record.warnedAt,
  };
  lane.askedToWaitUntil = record.askedToWaitUntil;
  lane.concurrency = restoreConcurrency(settings.concurrency, record.concurrency);
  lane.interrupted = new Map(
    record.sending.map(({ delivery, startedAt }) => [delivery, startedAt]),
  );
  // An endpoint that hung or failed before is not given the credit of an unknown one.
  if (record.failingSince !== null || record.sending.length > 0) {
    lane.averageMs = settings.slots.slowMs;
  }
  lane.written = record;
}
