import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  closedBreaker,
  decideBreaker,
  defaultBreakerPolicy as policy,
  probeFirst,
  probing,
  restoreBreaker,
} from "./breaker.ts";
import type { Breaker, BreakerInput } from "./breaker.ts";
import { createIdSource, toId } from "./ids.ts";
import type { Judgement } from "./judge-attempt.ts";
import type { LaneRecord } from "./lane.ts";

const ids = createIdSource(() => Date.UTC(2026, 0, 1));
const deliveries = [1, 2, 3, 4].map(() => ids.next("delivery"));

const trouble: Judgement = { kind: "trouble", overloaded: false };
const success: Judgement = { kind: "success" };
const answered: Judgement = { kind: "answered" };

function step(before: Breaker, judgement: Judgement, given: Partial<BreakerInput> = {}): Breaker {
  const [first] = deliveries;
  if (first === undefined) throw new Error("no delivery");
  const input = { judgement, delivery: first, probe: false, now: 1000, random: 0.5, ...given };
  return decideBreaker(policy, before, input);
}

function troubles(count: number, over: number, before: Breaker = closedBreaker): Breaker {
  let breaker = before;
  for (let i = 0; i < count; i += 1) {
    const delivery = deliveries[i % over];
    if (delivery !== undefined) breaker = step(breaker, trouble, { delivery });
  }
  return breaker;
}

describe("a breaker", () => {
  test("slows, then opens, after troubles in a row over several deliveries", () => {
    expect(troubles(4, 3).state).toBe("closed");
    expect(troubles(5, 3).state).toBe("slow");
    expect(troubles(9, 3).state).toBe("slow");
    expect(troubles(10, 3)).toMatchObject({ state: "open", opened: 1, probeAt: 31_000 });
  });

  test("never opens for one or two deliveries, however often they fail", () => {
    expect(troubles(1000, 1).state).toBe("closed");
    expect(troubles(1000, 2).state).toBe("closed");
  });

  test("starts to count again at a success, and not at an answer about a message", () => {
    expect(troubles(9, 3, step(troubles(9, 3), success)).state).toBe("slow");
    expect(troubles(1, 3, step(troubles(9, 3), answered)).state).toBe("open");
  });

  test("closes when its probe is answered, even with a refusal of the message", () => {
    const probes = probing(troubles(10, 3));
    expect(step(probes, success, { probe: true })).toEqual(closedBreaker);
    expect(step(probes, answered, { probe: true })).toEqual(closedBreaker);
  });

  test("opens for twice as long when its probe fails, up to a bound", () => {
    let breaker = troubles(10, 3);
    const openMs: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      breaker = step(probing(breaker), trouble, { probe: true });
      openMs.push((breaker.probeAt ?? 0) - 1000);
    }
    expect(openMs).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  });

  test("does not wait longer for requests from before it opened", () => {
    const open = troubles(10, 3);
    const later = troubles(20, 3, open);
    expect(later).toMatchObject({ state: "open", opened: 1, probeAt: open.probeAt });
  });

  test("probes anew, at once, when the probe told nothing", () => {
    const next = step(probing(troubles(10, 3)), { kind: "no-word" }, { probe: true, now: 9000 });
    expect(next).toMatchObject({ state: "open", probeAt: 9000 });
  });

  test("of an endpoint that was enabled again probes at once", () => {
    expect(probeFirst(7)).toMatchObject({ state: "open", probeAt: 7, opened: 0 });
  });

  test("in any run of results, is open or probing only with a time to go on, or a probe", () => {
    const results = fc.array(
      fc.record({ kind: fc.constantFrom(trouble, success, answered), of: fc.nat({ max: 3 }) }),
    );
    fc.assert(
      fc.property(results, (run) => {
        let breaker = closedBreaker;
        for (const { kind, of } of run) {
          const probe = breaker.state === "open";
          if (probe) breaker = probing(breaker);
          const delivery = deliveries[of];
          if (delivery !== undefined) breaker = step(breaker, kind, { delivery, probe });
          expect(breaker.probeAt !== null).toBe(breaker.state === "open");
        }
      }),
    );
  });

  test.each([
    ["closed", { state: "closed" }],
    ["slow", { state: "slow", troubles: 7 }],
    ["open", { state: "open", probeAt: 500, opened: 2 }],
    ["probing", { state: "open", probeAt: 900, opened: 2 }],
  ] as const)("that was %s is restored so that it goes on", (state, expected) => {
    const record: LaneRecord = {
      endpoint: toId("endpoint", 1),
      breaker: state,
      probeAt: state === "open" ? 500 : null,
      opened: 2,
      consecutiveFailures: 7,
      failingSince: 1,
      warnedAt: null,
      askedToWaitUntil: null,
      concurrency: 1,
      limitedBy: null,
      sending: [],
      updatedAt: 0,
    };
    expect(restoreBreaker(record, 900)).toMatchObject(expected);
  });
});
