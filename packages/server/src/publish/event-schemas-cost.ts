/**
 * Counts what it costs to hold a payload to a schema, and ends the check when it is too much.
 *
 * Schema and payload may each be small and their product large: two thousand `items` over half a
 * million numbers, an `enum` of ten thousand over as many, `$ref`s that fan out. So the code of
 * each keyword begins with its cost: what the keyword holds, and for one that goes through its
 * instance, the instance's size.
 */
import { _, Name } from "ajv";
import type { Ajv, Code, KeywordCxt } from "ajv";
import { spend } from "./pattern/linear-pattern.ts";
import type { StepBudget } from "./pattern/linear-pattern.ts";

/** Those that go through all of their instance, or at least may. */
const throughInstance: ReadonlySet<string> = new Set([
  "items",
  "additionalItems",
  "contains",
  "unevaluatedItems",
  "additionalProperties",
  "patternProperties",
  "propertyNames",
  "unevaluatedProperties",
  "minProperties",
  "maxProperties",
  "minLength",
  "maxLength",
  "format",
]);

const charactersPerStep = 16;
/** What it costs to make a fault; ten million of them took four seconds (measured 2026-11). */
const faultSteps = 4;

export function meterKeywords(ajv: Ajv, budget: StepBudget, schemaText: string): void {
  // With these, each keyword that was met hands on the names or the number of what it looked at.
  const collects = schemaText.includes('"unevaluated');
  const charge = (steps: number, instance?: unknown): void =>
    spend(budget, steps + (instance === undefined ? 0 : sizeOf(instance)));
  const chargeFaults = (steps: number, instance: unknown): void =>
    spend(budget, steps + faultSteps * sizeOf(instance));
  const chargeEach = (steps: number, instance: unknown): void =>
    spend(budget, steps * (isRecord(instance) ? 1 + sizeOf(instance) : 1));

  for (const rule of Object.values(ajv.RULES.all)) {
    if (typeof rule !== "object" || !("code" in rule.definition)) continue;
    const { keyword, definition } = rule;
    const { code } = definition;
    definition.code = (context, type) => {
      const { gen, data } = context;
      const steps = stepsOf(context);
      if (keyword === "enum" || keyword === "const") {
        // A comparison of objects begins by listing the names of both.
        gen.code(_`${gen.scopeValue("func", { ref: chargeEach })}(${steps}, ${data})`);
      } else if (keyword === "contains") {
        gen.code(_`${gen.scopeValue("func", { ref: chargeFaults })}(${steps}, ${data})`);
      } else {
        const call = gen.scopeValue("func", { ref: charge });
        const isSized = collects || throughInstance.has(keyword);
        gen.code(isSized ? _`${call}(${steps}, ${data})` : _`${call}(${steps})`);
      }
      code(context, type);
    };
  }
}

function stepsOf({ keyword, schema }: KeywordCxt): Code | number {
  // The faults so far are copied when those of the schema referred to are added.
  if (keyword === "$ref" || keyword === "$dynamicRef") return _`1 + (${new Name("errors")} >> 4)`;
  const held: unknown = schema;
  if (keyword === "enum" || keyword === "const") {
    return 1 + Math.ceil((JSON.stringify(held)?.length ?? 0) / charactersPerStep);
  }
  // Each schema that is not met makes a fault, which is thrown away when another is.
  if (keyword === "anyOf" || keyword === "oneOf") return 1 + faultSteps * lengthOf(held);
  if (Array.isArray(held)) return 1 + held.length;
  return isRecord(held) ? 1 + Object.keys(held).length : 1;
}

function lengthOf(held: unknown): number {
  return Array.isArray(held) ? held.length : 0;
}

function sizeOf(instance: unknown): number {
  if (typeof instance === "string") return Math.ceil(instance.length / charactersPerStep);
  if (Array.isArray(instance)) return instance.length;
  // Names are looked up by their text, which an index is not.
  return isRecord(instance) ? 4 * Object.keys(instance).length : 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
