import fc from "fast-check";
import { expect, test } from "vitest";
import { plainMessage } from "./plain-message.ts";
import { InvalidRequest } from "./problems.ts";
import { messageIn } from "./schemas/message.ts";
import { validate } from "./validation.ts";

const names = fc.constantFrom(
  "invoice.paid",
  "a",
  "..",
  "",
  "a b",
  "é",
  "x".repeat(256),
  "x".repeat(257),
  "a:b",
);
const value = fc.oneof(names, fc.constantFrom(null, 1, true, [], {}, ["a", "a"], ["a", "b"]));
const mostly = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ arbitrary, weight: 5 }, value);
const usual = {
  eventType: mostly(fc.constant("invoice.paid")),
  payload: mostly(fc.constant({ amount: 1 })),
  eventId: mostly(fc.constantFrom("e-1", null)),
  channels: mostly(fc.uniqueArray(fc.constantFrom("a", "b:c", "d", "e", "f", "g"))),
};
const unusual = { tags: fc.array(names), deliverAt: value, other: value };
const body = fc.oneof(
  fc.record(usual, { requiredKeys: ["eventType", "payload"], noNullPrototype: true }),
  fc.record({ ...usual, ...unusual }, { requiredKeys: [], noNullPrototype: true }),
);

/** Members that are absent and members that are null mean the same. */
function said(message: object): unknown {
  const entries = Object.entries(message).filter(([, member]) => member != null);
  return Object.fromEntries(entries);
}

test("whatever it takes, the schema takes, and makes the same of it", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(body, fc.jsonValue()), (given) => {
      const plain = plainMessage(given);
      if (plain === undefined) return;
      taken += 1;
      const valid = validate(messageIn, given, "body");
      if (valid instanceof InvalidRequest) throw valid;
      expect(said(plain)).toEqual(said(valid.value));
    }),
    { numRuns: 2000 },
  );
  expect(taken).toBeGreaterThan(20);
});

test.each([
  { eventType: "a", payload: {} },
  { eventType: "a", payload: {}, eventId: "e" },
  { eventType: "a", payload: {}, channels: ["b", "c"], eventId: null },
])("it takes %j", (given) => {
  expect(plainMessage(given)).toMatchObject(given);
});

test.each([
  { eventType: "a", payload: {}, tags: ["t"] },
  { eventType: "a", payload: {}, channels: ["b", "b"] },
  { eventType: "a", payload: [] },
  { eventType: "a", payload: {}, unknown: 1 },
])("it leaves %j to the schema", (given) => {
  expect(plainMessage(given)).toBeUndefined();
});
