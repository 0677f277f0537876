import fc from "fast-check";
import { expect, test } from "vitest";
import { IdTable } from "./id-table.ts";

// Few enough to meet, and apart as ids are: in the low bits, in the high ones, in both.
const id = fc.oneof(
  fc.nat({ max: 40 }),
  fc.nat({ max: 20 }).map((n) => n * 2 ** 32),
  fc.nat({ max: 20 }).map((n) => 2 ** 52 + n * 8192),
);
const step = fc.record({ id, what: fc.constantFrom("set", "delete"), value: fc.string() });

test("a table of ids holds what a Map would, however it grows and shrinks", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const table = new IdTable<number, string>();
      const map = new Map<number, string>();
      for (const { id, what, value } of steps) {
        if (what === "set") {
          table.set(id, value);
          map.set(id, value);
        } else {
          expect(table.delete(id)).toBe(map.delete(id));
        }
        expect(table.size).toBe(map.size);
      }
      for (const { id } of steps) expect(table.get(id)).toBe(map.get(id));
      expect(table.ids().toSorted((a, b) => a - b)).toEqual(
        [...map.keys()].toSorted((a, b) => a - b),
      );
    }),
  );
});

test("thousands of ids that follow one another come and go", () => {
  const table = new IdTable<number, string>();
  const first = 2 ** 50;
  for (let n = 0; n < 20_000; n += 1) {
    table.set(first + n, String(n));
    if (n >= 5_000) expect(table.delete(first + n - 5_000)).toBe(true);
  }
  expect(table.size).toBe(5_000);
  expect(table.get(first + 19_999)).toBe("19999");
  expect(table.has(first)).toBe(false);
  for (let n = 15_000; n < 20_000; n += 1) table.delete(first + n);
  expect(table.size).toBe(0);
});
