import { describe, expect, test } from "vitest";
import { createIdSource } from "./ids.ts";
import { partitionOf } from "./partition.ts";

/** Chi-square of the counts against an even spread. */
function chiSquare(ids: Iterable<number>, partitions: number): number {
  const counts = new Float64Array(partitions);
  let total = 0;
  for (const id of ids) {
    const partition = partitionOf(id, partitions);
    counts[partition] = (counts[partition] ?? 0) + 1;
    total += 1;
  }
  const expected = total / partitions;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function* sequence(first: number, step: number, count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield first + i * step;
}

describe("partitionOf", () => {
  // Stored data depends on these: a change of one of them loses deliveries.
  test.each([
    [0, 64, 35],
    [1, 64, 42],
    [2, 64, 19],
    [4_294_967_295, 64, 42],
    [4_294_967_296, 64, 15],
    [305_419_896_000_001, 64, 9],
    [9_007_199_254_740_991, 64, 35],
    [305_419_896_000_001, 1, 0],
    [305_419_896_000_001, 7, 6],
    [305_419_896_000_001, 1024, 73],
    [305_419_896_000_001, 65_536, 11337],
  ])("application %d of %d partitions is in %d for ever", (id, partitions, expected) => {
    expect(partitionOf(id, partitions)).toBe(expected);
  });

  test.each([
    ["consecutive numbers", 0, 1],
    ["ids one millisecond apart", 2 ** 51, 2 ** 13],
    ["ids one second apart", 2 ** 51, 1000 * 2 ** 13],
    ["ids of two nodes", 2 ** 51, 2 ** 7],
    ["ids that differ in the upper half alone", 1, 2 ** 33],
  ])("spreads %s evenly", (_name, first, step) => {
    // For n degrees of freedom: mean n, standard deviation sqrt(2n). Five deviations are allowed.
    for (const partitions of [2, 7, 64, 256]) {
      const freedom = partitions - 1;
      const found = chiSquare(sequence(first, step, 100_000), partitions);
      expect(found).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 10);
    }
  });

  test("spreads ids as they are made evenly", () => {
    let nowMs = Date.UTC(2026, 0, 1);
    const source = createIdSource(() => (nowMs += 37));
    const ids = Array.from({ length: 20_000 }, () => source.next("application"));
    expect(chiSquare(ids, 64)).toBeLessThan(63 + 5 * Math.sqrt(126));
  });

  test.each([-1, 0.5, NaN, 2 ** 53])("refuses the application id %s", (id) => {
    expect(() => partitionOf(id, 64)).toThrow(RangeError);
  });

  test.each([0, -1, 1.5, 65_537, NaN])("refuses %s partitions", (partitions) => {
    expect(() => partitionOf(1, partitions)).toThrow(RangeError);
  });
});
