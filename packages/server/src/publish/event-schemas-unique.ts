/**
 * `uniqueItems` in time proportional to the array. Comparing each item with each other held the
 * process for minutes over 80,000 small objects.
 */
import { _, str } from "ajv";
import type { Ajv, CodeKeywordDefinition } from "ajv";
import { spend } from "./pattern/linear-pattern.ts";
import type { StepBudget } from "./pattern/linear-pattern.ts";

export function addUniqueItems(ajv: Ajv, budget: StepBudget): void {
  const find = (items: readonly unknown[]) => findRepeated(items, budget);
  const definition: CodeKeywordDefinition = {
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    error: {
      message: ({ params }) =>
        str`must NOT have duplicate items (items ## ${params["first"]} and ${params["second"]} are identical)`,
      params: ({ params }) => _`{i: ${params["second"]}, j: ${params["first"]}}`,
    },
    code(context) {
      if (context.schema !== true) return;
      const { gen, data } = context;
      const found = gen.const("repeated", _`${gen.scopeValue("func", { ref: find })}(${data})`);
      context.setParams({ first: _`${found}.first`, second: _`${found}.second` });
      context.fail(_`${found} !== undefined`);
    },
  };
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword(definition);
}

function findRepeated(
  items: readonly unknown[],
  budget: StepBudget,
): { readonly first: number; readonly second: number } | undefined {
  const seen = new Map<string, number>();
  for (const [second, item] of items.entries()) {
    const text = canonicalText(item, budget);
    const first = seen.get(text);
    if (first !== undefined) return { first, second };
    seen.set(text, second);
  }
  return undefined;
}

/** A value takes about 0.25 µs, and a step is some nanoseconds (measured 2026-11). */
const stepsPerValue = 4;

/** The same for two values exactly when JSON Schema has them equal. */
function canonicalText(value: unknown, budget: StepBudget): string {
  spend(budget, stepsPerValue + (typeof value === "string" ? value.length >> 4 : 0));
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown) => canonicalText(item, budget)).join()}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => `${canonicalText(name, budget)}:${canonicalText(member, budget)}`,
    );
    return `{${members.toSorted().join()}}`;
  }
  // Of a number too large for JSON's text to tell, too: 1e400 is not null.
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
