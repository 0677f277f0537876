import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidRequest } from "./problems.ts";
import { validatorCompiler } from "./validation.ts";

const schema = z
  .strictObject({
    text: z.string().min(2),
    kind: z.enum(["a", "b"]),
    either: z.union([z.string(), z.array(z.string())]),
    list: z.array(z.strictObject({ n: z.number() })).optional(),
    ours: z.string().optional(),
  })
  .refine(({ ours }) => ours !== undefined, { path: ["ours"], error: "is needed by a rule" });
const right = { text: "ab", kind: "a", either: "x", ours: "x" };

function faultsOf(body: unknown): readonly (readonly [string, string])[] {
  const validate = validatorCompiler({ schema, method: "POST", url: "/", httpPart: "body" });
  const result: unknown = validate(body);
  if (typeof result !== "object" || result === null || !("error" in result)) return [];
  if (!(result.error instanceof InvalidRequest)) throw new Error("another error than expected");
  return result.error.issues.map(({ loc, type }) => [loc.join("."), type] as const);
}

test("what keeps the schema has no fault", () => {
  expect(faultsOf(right)).toEqual([]);
});

test.each(["text", "kind", "either"])("%s that is absent is called missing", (field) => {
  const rest = Object.fromEntries(Object.entries(right).filter(([name]) => name !== field));
  expect(faultsOf(rest)).toEqual([[`body.${field}`, "value_error.missing"]]);
});

test.each([
  ["a number for a text", { text: 1 }, "body.text", "type_error"],
  ["null for a text", { text: null }, "body.text", "type_error"],
  ["a text for a list", { list: "x" }, "body.list", "type_error"],
  ["a text for a number within a list", { list: [{ n: "1" }] }, "body.list.0.n", "type_error"],
  ["a text that is too short", { text: "a" }, "body.text", "value_error"],
  ["a word of another list", { kind: "c" }, "body.kind", "value_error"],
  ["none of two types", { either: 1 }, "body.either", "value_error"],
  ["a field that is not known", { txt: 1 }, "body.txt", "value_error.unknown_field"],
])("%s is called by its fault", (_what, change, place, type) => {
  expect(faultsOf({ ...right, ...change })).toEqual([[place, type]]);
});

test("absence that breaks a rule of ours is that rule's fault", () => {
  const { ours: _gone, ...rest } = right;
  expect(faultsOf(rest)).toEqual([["body.ours", "value_error"]]);
});

test("no body at all is missing, another type is not", () => {
  expect(faultsOf(undefined)).toEqual([["body", "value_error.missing"]]);
  expect(faultsOf([])).toEqual([["body", "type_error"]]);
});

const worded = z.strictObject({
  text: z.string().min(2).max(3).optional(),
  own: z.string("must be so").optional(),
  count: z.int().min(1).max(9).optional(),
  rate: z.number().optional(),
  flag: z.boolean().optional(),
  kind: z.enum(["a", "b"]).optional(),
  one: z.literal(1).optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  object: z.strictObject({ a: z.string() }).optional(),
  record: z.record(z.string(), z.string()).optional(),
  either: z.union([z.string(), z.array(z.string())]).optional(),
});

test.each([
  [{ text: 1 }, "must be a text"],
  [{ text: "a" }, "must have at least 2 characters"],
  [{ text: "abcd" }, "must have at most 3 characters"],
  [{ own: 1 }, "must be so"],
  [{ count: "1" }, "must be a number"],
  [{ count: 1.5 }, "must be a whole number"],
  [{ count: 0 }, "must be 1 or more"],
  [{ count: 10 }, "must be 9 or less"],
  [{ rate: null }, "must be a number"],
  [{ flag: "true" }, "must be true or false"],
  [{ kind: "c" }, "must be one of a, b"],
  [{ one: 2 }, "must be 1"],
  [{ list: "x" }, "must be a list"],
  [{ list: [] }, "must have at least 1 item"],
  [{ list: ["a", "b", "c"] }, "must have at most 2 items"],
  [{ object: [] }, "must be an object"],
  [{ object: {} }, "is needed"],
  [{ record: { a: 1 } }, "must be a text"],
  [{ either: 1 }, "has a type that is not taken here"],
  [[], "must be a JSON object"],
  [undefined, "must be a JSON object"],
])("%j is told: %s", (body, words) => {
  const validate = validatorCompiler({
    schema: worded,
    method: "POST",
    url: "/",
    httpPart: "body",
  });
  expect(validate(body)).toMatchObject({ error: { issues: [{ msg: words }] } });
});
