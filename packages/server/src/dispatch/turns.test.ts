import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toId } from "../domain/ids.ts";
import type { ApplicationId, EndpointId } from "../domain/ids.ts";
import { paces } from "./pace.ts";
import { createSeat, createTurns } from "./turns.ts";
import type { Seat } from "./turns.ts";

class Taker {
  readonly seat: Seat<Taker> = createSeat<Taker>(this);
  readonly endpoint: EndpointId;
  readonly application: ApplicationId;

  constructor(application: number, endpoint: number) {
    this.endpoint = toId("endpoint", endpoint);
    this.application = toId("application", application);
  }
}

const taker = (application: number, endpoint: number): Taker => new Taker(application, endpoint);
const all = (): boolean => true;

describe("turns", () => {
  test("go round the applications, not the lanes", () => {
    const turns = createTurns<Taker>((lane) => lane.seat);
    for (let i = 0; i < 100; i += 1) {
      const lane = taker(1, i);
      turns.add(lane, lane.application, "fast");
    }
    const small = taker(2, 1000);
    turns.add(small, small.application, "fast");
    const first = [turns.take(all), turns.take(all), turns.take(all)];
    expect(first.map((lane) => lane?.application)).toEqual([1, 2, 1]);
  });

  test("go round the lanes of an application", () => {
    const turns = createTurns<Taker>((lane) => lane.seat);
    const lanes = [taker(1, 1), taker(1, 2), taker(1, 3)];
    for (const lane of lanes) turns.add(lane, lane.application, "fast");
    const order: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const lane = turns.take(all);
      if (lane === undefined) break;
      order.push(lane.endpoint);
      turns.add(lane, lane.application, "fast");
    }
    expect(order).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test("pass over a pace that has no slot, at no cost for the others", () => {
    const turns = createTurns<Taker>((lane) => lane.seat);
    for (let i = 0; i < 10; i += 1) turns.add(taker(1, i), toId("application", 1), "slow");
    turns.add(taker(2, 99), toId("application", 2), "fast");
    expect(turns.take((pace) => pace !== "slow")?.endpoint).toBe(99);
    expect(turns.take((pace) => pace !== "slow")).toBeUndefined();
    expect(turns.size()).toBe(10);
  });

  test("give the newest unproven lane every second turn", () => {
    const turns = createTurns<Taker>((lane) => lane.seat);
    for (let i = 0; i < 1000; i += 1) turns.add(taker(i, i), toId("application", i), "unproven");
    const taken = [turns.take(all), turns.take(all), turns.take(all), turns.take(all)];
    expect(taken.map((lane) => lane?.endpoint)).toEqual([0, 999, 1, 998]);
  });

  test("are not taken up by a lane that was dropped and made again", () => {
    const turns = createTurns<Taker>((lane) => lane.seat);
    const [before, again] = [taker(1, 1), taker(1, 1)];
    turns.add(before, before.application, "fast");
    turns.add(again, again.application, "fast");
    turns.remove(before);
    expect(turns.take(all)).toBe(again);
    expect(turns.size()).toBe(0);
  });

  test("give each lane that was added once and not removed, and no other", () => {
    const step = fc.record({
      endpoint: fc.nat({ max: 9 }),
      pace: fc.constantFrom(...paces),
      what: fc.constantFrom("add", "remove", "take"),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const turns = createTurns<Taker>((lane) => lane.seat);
        const lanes = Array.from({ length: 10 }, (_, endpoint) => taker(endpoint % 3, endpoint));
        const inside = new Set<number>();
        for (const { endpoint, pace, what } of steps) {
          const lane = lanes[endpoint];
          if (lane === undefined) continue;
          if (what === "add") {
            turns.add(lane, lane.application, pace);
            inside.add(endpoint);
          } else if (what === "remove") {
            turns.remove(lane);
            inside.delete(endpoint);
          } else {
            const taken = turns.take(all);
            expect(taken === undefined).toBe(inside.size === 0);
            if (taken !== undefined) expect(inside.delete(taken.endpoint)).toBe(true);
          }
          expect(turns.size()).toBe(inside.size);
        }
      }),
    );
  });
});
