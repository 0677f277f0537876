import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateFilter } from "./evaluate-filter.ts";
import { comparisons } from "./filter.ts";
import type { Filter } from "./filter.ts";
import { parseFilter } from "./parse-filter.ts";

function judge(text: string, payload: unknown): boolean {
  const result = parseFilter(text);
  if (result.kind === "invalid") throw new Error(`${text}: ${result.position} ${result.message}`);
  return evaluateFilter(result.filter, payload);
}

const payload: unknown = JSON.parse(`{
  "amount": 1000, "text": "payment failed", "flag": true, "nothing": null, "empty": "",
  "tags": ["test", 7, null, ["in"]], "customer": { "plan": "pro", "odd key": 1, "0": "zero" },
  "nested": [{ "id": "a" }, { "id": "b" }], "big": 9007199254740993, "__proto__": { "own": 1 }
}`);

describe("evaluateFilter", () => {
  test.each([
    "amount = 1000",
    "amount = 1e3",
    "amount != 999",
    'amount != "1000"',
    "amount < 1000.5",
    "amount <= 1000",
    "amount > -1",
    "amount >= 1000",
    "big = 9007199254740992",
    'text < "payments"',
    'text >= "payment failed"',
    "flag = true",
    "nothing = null",
    'empty = ""',
    "exists(nothing)",
    "exists(customer)",
    'exists(customer["odd key"])',
    'customer["0"] = "zero"',
    'customer.plan in ["team", "pro"]',
    "nothing in [1, null]",
    'tags contains "test"',
    "tags contains 7",
    "tags contains null",
    'tags[3] contains "in"',
    'text contains "ment fa"',
    'text contains ""',
    'text startsWith "pay"',
    'text endsWith "failed"',
    'nested[1].id = "b"',
    "__proto__.own = 1",
    "not (amount = 1)",
    "not missing = 1",
    "not missing != 1",
    "missing = 1 or amount = 1000",
    'flag = true and customer.plan = "pro" and amount > 1',
  ])("holds: %s", (text) => {
    expect(judge(text, payload)).toBe(true);
  });

  test.each([
    'amount = "1000"',
    "amount != 1000",
    'amount < "2000"',
    "text < 1",
    "amount > 1000",
    "amount < 1000",
    "amount <= 999",
    "amount >= 1001",
    "flag = 1",
    "nothing = false",
    'nothing = ""',
    "customer = null",
    'tags = "test"',
    'tags contains "tes"',
    'tags contains "7"',
    'tags contains "in"',
    "text contains 7",
    'customer contains "plan"',
    'text startsWith "failed"',
    'text endsWith "payment"',
    "missing = null",
    "missing != 1",
    "missing.deeper.still != 1",
    "missing in [null]",
    "exists(missing)",
    "exists(nothing.deeper)",
    "exists(tags.length)",
    "exists(text.length)",
    "exists(text[0])",
    "exists(tags[4])",
    'exists(tags["0"])',
    "exists(customer[0])",
    "exists(constructor)",
    "exists(customer.__proto__)",
    "exists(customer.toString)",
    "exists(tags.constructor)",
    "exists([0])",
    "missing = 1 and amount = 1000",
    "amount = 1000 and missing = 1",
  ])("does not hold: %s", (text) => {
    expect(judge(text, payload)).toBe(false);
  });

  test("reads a payload that is an array by index", () => {
    expect(judge('[1].id = "b"', [{ id: "a" }, { id: "b" }])).toBe(true);
  });

  test.each([undefined, null, 1, "text", true, [], {}])("finds nothing in %j", (value) => {
    expect(judge("exists(a)", value)).toBe(false);
    expect(judge("a != 1", value)).toBe(false);
  });

  test("agrees with the comparison of JavaScript on numbers", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double(), (a, b) => {
        expect(judge(`a < ${JSON.stringify(a)}`, { a: b })).toBe(b < a);
        expect(judge(`a >= ${JSON.stringify(a)}`, { a: b })).toBe(b >= a);
      }),
    );
  });

  test("no payload makes it throw", () => {
    const names = fc.constantFrom("a", "__proto__", "constructor", "toString", "length", 0, 1);
    const path = fc.array(names, { minLength: 1, maxLength: 3 });
    const value = fc.oneof(fc.string(), fc.double(), fc.constantFrom(true, false, null));
    const filters: fc.Arbitrary<Filter> = fc.oneof(
      fc.record({
        kind: fc.constant("compare" as const),
        path,
        comparison: fc.constantFrom(...comparisons),
        value,
      }),
      fc.record({ kind: fc.constant("in" as const), path, values: fc.array(value) }),
      fc.record({ kind: fc.constant("exists" as const), path }),
    );
    const payloads = fc.anything({
      key: fc.oneof(fc.string(), names.map(String)),
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(filters, payloads, (filter, value) => {
        const isTrue = evaluateFilter(filter, value);
        expect(evaluateFilter({ kind: "not", filter }, value)).toBe(!isTrue);
      }),
      { numRuns: 1_000 },
    );
  });
});
