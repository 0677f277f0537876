import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { unlinked } from "../../domain/ring.ts";
import { Deadlines, type Expiring } from "./deadlines.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const lengthMs = 100;
const expired: string[] = [];

interface Item extends Expiring<Item> {}

function item(name: string): Item {
  return {
    deadlineAt: performance.now() + lengthMs,
    ...unlinked,
    expire: () => expired.push(name),
  };
}

/** Moves the clock on, and lets what a timer put off until the sockets are read come round. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  expired.length = 0;
});

test("each ends at its own time, in order", async () => {
  const deadlines = new Deadlines<Item>();
  deadlines.add(item("a"));
  await pass(40);
  deadlines.add(item("b"));
  await pass(59);
  expect(expired).toEqual([]);
  await pass(1);
  expect(expired).toEqual(["a"]);
  await pass(39);
  expect(expired).toEqual(["a"]);
  await pass(1);
  expect(expired).toEqual(["a", "b"]);
});

test("what is removed first, last or between does not expire, and the others do", async () => {
  const deadlines = new Deadlines<Item>();
  const items = ["a", "b", "c", "d", "e"].map((name) => item(name));
  for (const each of items) deadlines.add(each);
  for (const index of [0, 2, 4]) {
    const each = items[index];
    if (each !== undefined) deadlines.remove(each);
  }
  await pass(lengthMs);
  expect(expired).toEqual(["b", "d"]);
});

test("removing twice, or after the end, changes nothing", async () => {
  const deadlines = new Deadlines<Item>();
  const a = item("a");
  deadlines.add(a);
  deadlines.remove(a);
  deadlines.add(item("b"));
  deadlines.remove(a);
  await pass(lengthMs);
  expect(expired).toEqual(["b"]);
});

test("one timer serves all, however many come and go", async () => {
  const deadlines = new Deadlines<Item>();
  for (let i = 0; i < 1000; i++) {
    const each = item(`${i}`);
    deadlines.add(each);
    if (i % 2 === 0) deadlines.remove(each);
    expect(vi.getTimerCount()).toBe(1);
  }
});
