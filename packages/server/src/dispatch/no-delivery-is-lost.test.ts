import fc from "fast-check";
import { expect, test } from "vitest";
import { createBench } from "../../test/kit/dispatch-bench.ts";
import type { Behaviour } from "../../test/kit/fake-sender.ts";
import { defaultDispatchSettings } from "./settings.ts";

const second = 1000;
const day = 86_400_000;

const behaviours: readonly Behaviour[] = [
  { kind: "answer", status: 200, afterMs: 3 },
  { kind: "answer", status: 200, afterMs: 1700 },
  { kind: "answer", status: 422 },
  { kind: "answer", status: 500 },
  { kind: "answer", status: 429, headers: { "retry-after": "7" } },
  { kind: "hang" },
  { kind: "fail", outcome: "not-sent", errorClass: "connection-refused" },
];

const event = fc.oneof(
  fc.record({
    kind: fc.constant("publish" as const),
    endpoint: fc.nat({ max: 3 }),
    count: fc.integer({ min: 1, max: 40 }),
    carried: fc.boolean(),
    laterMs: fc.constantFrom(0, 0, 0, 3000),
  }),
  fc.record({
    kind: fc.constant("behave" as const),
    endpoint: fc.nat({ max: 3 }),
    how: fc.nat({ max: behaviours.length - 1 }),
  }),
  fc.record({
    kind: fc.constant("gate" as const),
    endpoint: fc.nat({ max: 3 }),
    gate: fc.constantFrom("open" as const, "paused" as const, "disabled" as const),
  }),
  fc.record({ kind: fc.constant("resend" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("fault" as const), on: fc.boolean() }),
  fc.record({ kind: fc.constant("restart" as const) }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
);

test("whatever happens, every delivery ends, and none is under way twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      const how = new Map<string, Behaviour>();
      const bench = createBench({
        behave: (request) => how.get(request.url) ?? { kind: "answer", status: 200 },
        settings: {
          retry: { ...defaultDispatchSettings.retry, delaysMs: [0, 1000, 4000, 9000] },
          memory: { ...defaultDispatchSettings.memory, laneRows: 8, totalBytes: 200, idleLanes: 1 },
        },
      });
      const shops = ["a", "b", "c", "d"].map((name, i) =>
        bench.endpoint(name, { throttleRate: i === 3 ? 5 : null }),
      );
      await bench.dispatcher.start();
      for (const happens of events) {
        switch (happens.kind) {
          case "publish": {
            const shop = shops[happens.endpoint];
            if (shop === undefined) break;
            const due = bench.clock.now() + happens.laterMs;
            const rows = Array.from({ length: happens.count }, () => bench.delivery(shop, { due }));
            bench.store.commit(rows, { carried: happens.carried });
            break;
          }
          case "behave": {
            const behaviour = behaviours[happens.how];
            const url = shops[happens.endpoint]?.url;
            if (behaviour !== undefined && url !== undefined) how.set(url, behaviour);
            break;
          }
          case "gate": {
            const shop = shops[happens.endpoint];
            if (shop !== undefined) bench.store.setTarget({ ...shop, gate: happens.gate });
            break;
          }
          case "resend": {
            const waiting = bench.store.waiting();
            const row = waiting[happens.which % Math.max(1, waiting.length)];
            if (row === undefined) break;
            bench.store.commit([{ ...row, due: bench.clock.now(), rule: "manual" }]);
            break;
          }
          case "fault":
            bench.store.fail(happens.on ? "disk-full" : undefined);
            break;
          case "restart": {
            bench.store.fail(undefined);
            const stopped = bench.dispatcher.stop();
            await bench.clock.advance(30 * second);
            await stopped;
            await bench.restart();
            break;
          }
          case "pass":
            await bench.clock.advance(happens.ms);
            break;
        }
        expect(bench.dispatcher.figures().heldBytes).toBeLessThanOrEqual(200 + 8 * 7);
      }
      how.clear();
      bench.store.fail(undefined);
      for (const shop of shops) bench.store.setTarget({ ...shop, gate: "open" });
      await bench.clock.advance(day);
      expect(bench.fatal).toEqual([]);
      expect(bench.store.waiting()).toEqual([]);
      for (const shop of shops) bench.publish(shop);
      await bench.clock.advance(10 * second);
      const numbers = new Map<number, number>();
      for (const { delivery, number } of bench.store.attempts) {
        expect(number).toBe((numbers.get(delivery) ?? 0) + 1);
        numbers.set(delivery, number);
      }
      expect(bench.store.attempts).toHaveLength(bench.sender.sent.length);
      expect(bench.dispatcher.figures()).toMatchObject({ heldRows: 0, heldBytes: 0, underWay: 0 });
      const { busyLanes, unrecorded } = bench.dispatcher.figures();
      expect({ busyLanes, unrecorded }).toEqual({ busyLanes: 0, unrecorded: 0 });
      expect(bench.store.lanes.size).toBe(0);
    }),
    { numRuns: 40 },
  );
}, 120_000);
