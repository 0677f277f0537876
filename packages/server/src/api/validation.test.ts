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
