import { describe, expect, test } from "vitest";
import type { WaitingDelivery } from "./delivery.ts";
import { toId } from "./ids.ts";
import type { LaneRecord } from "./lane.ts";
import { judgeDelivery } from "./waiting.ts";
import type { WaitingState } from "./waiting.ts";

const now = 1000;
const later = 5000;
const open = { disabled: false, paused: false };

const row: WaitingDelivery = {
  id: toId("delivery", 1),
  application: toId("application", 2),
  partition: 0,
  endpoint: toId("endpoint", 3),
  message: toId("message", 4),
  due: 900,
  rule: "publish",
  attempts: 0,
  resendOf: null,
};

const rest: LaneRecord = {
  endpoint: row.endpoint,
  breaker: "closed",
  probeAt: null,
  opened: 0,
  consecutiveFailures: 0,
  failingSince: null,
  warnedAt: null,
  askedToWaitUntil: null,
  concurrency: 10,
  limitedBy: null,
  sending: [],
  updatedAt: 800,
};

function judge(
  delivery: Partial<WaitingDelivery>,
  lane: Partial<LaneRecord> | undefined,
  endpoint: { disabled: boolean; paused: boolean } | undefined = open,
): WaitingState {
  const view = {
    delivery: { ...row, ...delivery },
    lane: lane === undefined ? undefined : { ...rest, ...lane },
    endpoint,
  };
  return judgeDelivery(view, now);
}

const everything: Partial<LaneRecord> = {
  breaker: "open",
  probeAt: later,
  askedToWaitUntil: later,
  limitedBy: "rate",
};

describe("why a delivery waits", () => {
  test("a deleted endpoint goes before all", () => {
    const view = { delivery: row, lane: { ...rest, ...everything }, endpoint: undefined };
    expect(judgeDelivery(view, now)).toMatchObject({
      state: "discarded",
      reason: "endpoint-deleted",
      nextAttemptAt: null,
    });
  });

  test("disabled goes before paused, and both before the lane", () => {
    const both = { disabled: true, paused: true };
    expect(judge({}, everything, both)).toMatchObject({ reason: "endpoint-disabled" });
    const paused = { disabled: false, paused: true };
    expect(judge({}, everything, paused)).toEqual({
      state: "held",
      reason: "endpoint-paused",
      nextAttemptAt: null,
      asOf: null,
    });
  });

  test("an attempt under way goes before the breaker, for that delivery alone", () => {
    const sending = { ...everything, sending: [{ delivery: row.id, startedAt: 700 }] };
    expect(judge({}, sending)).toMatchObject({ reason: "sending", nextAttemptAt: null, asOf: 800 });
    expect(judge({ id: toId("delivery", 9) }, sending).reason).toBe("breaker-open");
  });

  test.each(["open", "probing"] as const)("a breaker that is %s holds", (breaker) => {
    const judged = judge({}, { breaker, probeAt: breaker === "open" ? later : null });
    expect(judged).toMatchObject({ state: "held", reason: "breaker-open", asOf: 800 });
    expect(judged.nextAttemptAt).toBe(breaker === "open" ? later : null);
  });

  test("a receiver that asked to wait holds until then", () => {
    expect(judge({}, { askedToWaitUntil: later })).toMatchObject({
      state: "held",
      reason: "receiver-asked-to-wait",
      nextAttemptAt: later,
    });
    expect(judge({}, { askedToWaitUntil: now }).reason).toBe("queued");
    const due = later + 1;
    expect(judge({ due }, { askedToWaitUntil: later }).nextAttemptAt).toBe(due);
  });

  test.each([
    ["deliver-at", "deliver-at"],
    ["schedule", "retry-schedule"],
    ["retry-after", "retry-after"],
    ["publish", "queued"],
    ["manual", "queued"],
  ] as const)("one that is not due waits by its rule %s", (rule, reason) => {
    expect(judge({ due: later, rule }, { limitedBy: "rate" })).toMatchObject({
      state: "scheduled",
      reason,
      nextAttemptAt: later,
      asOf: null,
    });
  });

  test.each([
    ["rate", "rate-limited"],
    ["application-rate", "application-rate-limited"],
    ["concurrency", "concurrency-limited"],
  ] as const)("one that is due waits for the %s", (limitedBy, reason) => {
    expect(judge({}, { limitedBy })).toMatchObject({ reason, nextAttemptAt: null, asOf: 800 });
  });

  test("one that is due in a lane at rest is queued", () => {
    expect(judge({}, undefined)).toEqual({
      state: "scheduled",
      reason: "queued",
      nextAttemptAt: 900,
      asOf: null,
    });
  });
});
