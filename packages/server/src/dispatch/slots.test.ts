import { describe, expect, test } from "vitest";
import type { Pace } from "./pace.ts";
import { defaultDispatchSettings } from "./settings.ts";
import { createSlots } from "./slots.ts";
import type { Slot } from "./slots.ts";

const settings = { ...defaultDispatchSettings.slots, total: 100, active: 1000 };

function fillUp(slots: ReturnType<typeof createSlots>, pace: Pace, now: number): readonly Slot[] {
  const begun: Slot[] = [];
  while (slots.admits(pace, now)) begun.push(slots.begin(pace, now));
  return begun;
}

describe("slots", () => {
  test("let slow lanes have 60 % and fast ones all", () => {
    const slots = createSlots(settings);
    expect(fillUp(slots, "slow", 0)).toHaveLength(60);
    expect(fillUp(slots, "fast", 0)).toHaveLength(40);
    expect(slots.admits("fast", 0)).toBe(false);
  });

  test("always keep some for the next unproven lane, whatever hung before", () => {
    const slots = createSlots(settings);
    const begun = [0, 1000, 2000, 3000, 4000].map((now) => fillUp(slots, "unproven", now).length);
    expect(begun).toEqual([45, 23, 11, 6, 3]);
    expect(slots.underWay()).toBeLessThan(90);
    expect(slots.admits("fast", 4000)).toBe(true);
  });

  test("bound the work of the young ones by pace, and free it by age", () => {
    const slots = createSlots({ ...settings, active: 8 });
    expect(fillUp(slots, "slow", 0)).toHaveLength(2);
    expect(fillUp(slots, "unproven", 0)).toHaveLength(4);
    expect(fillUp(slots, "fast", 0)).toHaveLength(8);
    expect(slots.nextChange()).toBe(settings.activeMs);
    expect(slots.admits("fast", settings.activeMs - 1)).toBe(false);
    expect(fillUp(slots, "fast", settings.activeMs)).toHaveLength(8);
  });

  test("are free again exactly once when a request ends, at any age", () => {
    const slots = createSlots(settings);
    const begun = [...fillUp(slots, "unproven", 0), ...fillUp(slots, "slow", 0)];
    slots.admits("fast", 5000);
    for (const slot of begun) {
      slots.end(slot);
      slots.end(slot);
    }
    expect(slots.underWay()).toBe(0);
    expect(slots.nextChange()).toBeNull();
    expect(fillUp(slots, "fast", 5000)).toHaveLength(100);
  });

  test("leave a slow lane few when slow ones crowd, and all when they do not", () => {
    const slots = createSlots(settings);
    expect(slots.perLane("slow")).toBe(Infinity);
    fillUp(slots, "slow", 0);
    expect(slots.perLane("slow")).toBe(settings.slowPerLane);
    expect(slots.perLane("fast")).toBe(Infinity);
  });
});
