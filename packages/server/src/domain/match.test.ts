import { describe, expect, test } from "vitest";
import type { Filter } from "./filter/filter.ts";
import { judgeMatch } from "./match.ts";
import type { MatchedEvent, Subscription } from "./match.ts";

const open: Subscription = { disabled: false, eventTypes: null, channels: null, filter: null };
const event: MatchedEvent = { eventType: "invoice.paid", channels: ["a", "b"], payload: { n: 1 } };
const isOne: Filter = { kind: "compare", path: ["n"], comparison: "=", value: 1 };
const isTwo: Filter = { kind: "compare", path: ["n"], comparison: "=", value: 2 };

describe("judgeMatch", () => {
  test.each<[string, Partial<Subscription>, Partial<MatchedEvent>]>([
    ["an endpoint without any condition gets every message", {}, {}],
    ["an endpoint without channels gets a message without channels", {}, { channels: [] }],
    ["one of the event types is enough", { eventTypes: ["x", "invoice.paid"] }, {}],
    ["an empty list of event types is no condition", { eventTypes: [] }, {}],
    ["one channel in common is enough", { channels: ["x", "b"] }, {}],
    ["an empty list of channels is no condition", { channels: [] }, { channels: [] }],
    ["the filter holds", { filter: isOne }, {}],
    ["every condition holds", { eventTypes: ["invoice.paid"], channels: ["a"], filter: isOne }, {}],
  ])("matches: %s", (_name, subscription, change) => {
    const match = judgeMatch({ ...open, ...subscription }, { ...event, ...change });
    expect(match).toEqual({ kind: "matched" });
  });

  test.each<[string, string, Partial<Subscription>, Partial<MatchedEvent>]>([
    ["disabled", "endpoint-disabled", { disabled: true }, {}],
    ["another event type", "event-type-not-subscribed", { eventTypes: ["invoice.sent"] }, {}],
    ["a prefix of the event type", "event-type-not-subscribed", { eventTypes: ["invoice"] }, {}],
    ["another spelling", "event-type-not-subscribed", { eventTypes: ["Invoice.Paid"] }, {}],
    ["other channels", "channel-not-subscribed", { channels: ["c", "A"] }, {}],
    ["a message without channels", "channel-not-subscribed", { channels: ["a"] }, { channels: [] }],
    ["the filter does not hold", "filter-not-matched", { filter: isTwo }, {}],
    ["a payload without the member", "filter-not-matched", { filter: isOne }, { payload: null }],
  ])("skips: %s", (_name, reason, subscription, change) => {
    const match = judgeMatch({ ...open, ...subscription }, { ...event, ...change });
    expect(match).toEqual({ kind: "skipped", reason });
  });

  test("names the first reason that applies", () => {
    const none = { disabled: true, eventTypes: ["x"], channels: ["x"], filter: isTwo };
    const reasons = [
      none,
      { ...none, disabled: false },
      { ...none, disabled: false, eventTypes: null },
      { ...none, disabled: false, eventTypes: null, channels: null },
    ].map((subscription) => judgeMatch(subscription, event));
    expect(reasons).toEqual([
      { kind: "skipped", reason: "endpoint-disabled" },
      { kind: "skipped", reason: "event-type-not-subscribed" },
      { kind: "skipped", reason: "channel-not-subscribed" },
      { kind: "skipped", reason: "filter-not-matched" },
    ]);
  });
});
