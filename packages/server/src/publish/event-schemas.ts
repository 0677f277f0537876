/**
 * Holds payloads to the JSON Schemas of their event types.
 *
 * A schema is written by the operator, a payload's content by anyone. So whatever the payload, no
 * pattern of a schema may hold up the process (see pattern/linear-pattern.ts), and no schema
 * reaches out: `$ref` resolves within the schema only. All that a check costs is counted under one
 * budget (see event-schemas-cost.ts), so schema and payload together cannot hold it up, either.
 */
import { Ajv } from "ajv";
import type { ErrorObject, Options, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { SchemaFault } from "../ports/message-planner.ts";
import { meterKeywords } from "./event-schemas-cost.ts";
import { watchReferences } from "./event-schemas-endless.ts";
import { addUniqueItems } from "./event-schemas-unique.ts";
import { compilePattern, StepsExceededError } from "./pattern/linear-pattern.ts";
import type { StepBudget } from "./pattern/linear-pattern.ts";

export type SchemaVerdict =
  | { readonly kind: "valid" }
  /** At most ten faults, and at least one. */
  | { readonly kind: "invalid"; readonly faults: readonly SchemaFault[] };

export interface CompiledSchema {
  readonly kind: "schema";
  check(payload: unknown): SchemaVerdict;
}

export interface InvalidSchema {
  readonly kind: "invalid-schema";
  readonly message: string;
}

export interface SchemaCache {
  /** For when a schema is saved. */
  compile(schemaText: string): CompiledSchema | InvalidSchema;
  /** For when a message is published. */
  check(schemaText: string, payload: unknown): SchemaVerdict | InvalidSchema;
}

export const maxSchemaLength = 64 * 1024;
const maxFaults = 10;
const maxMessageLength = 300;
/** For one payload; between a tenth of a second and two (measured 2026-11). */
const maxSteps = 10_000_000;
/** For telling all its faults. Every fault costs a step or more, and faults are copied. */
const maxDetailSteps = 20_000;
/** A payload deeper than this may be at fault itself when the stack ends. */
const deepPayload = 100;
const endlessSchema = "the schema refers to itself without end";
const samples: readonly unknown[] = [{}, [], "", 0, false, null];

/**
 * Keeps the `maxSchemas` schemas used last compiled: a compilation takes about 0.3 ms (measured
 * 2026-08), a check some microseconds. The text itself is the key: a hash of it would have to be
 * computed for each message, while the text of a cached configuration is one string object.
 */
export function createSchemaCache(
  maxSchemas = 1_000,
  compile = createSchemaCompiler(),
): SchemaCache {
  const compiled = new Map<string, CompiledSchema | InvalidSchema>();

  function cached(schemaText: string): CompiledSchema | InvalidSchema {
    const schema = compiled.get(schemaText) ?? compile(schemaText);
    // A map keeps the order of insertion, so the first is the one unused for longest.
    compiled.delete(schemaText);
    compiled.set(schemaText, schema);
    const [oldest] = compiled.keys();
    if (compiled.size > maxSchemas && oldest !== undefined) compiled.delete(oldest);
    return schema;
  }

  return {
    compile: cached,
    check(schemaText, payload) {
      const schema = cached(schemaText);
      return schema.kind === "schema" ? schema.check(payload) : schema;
    },
  };
}

export type SchemaCompiler = (schemaText: string) => CompiledSchema | InvalidSchema;

export function createSchemaCompiler(): SchemaCompiler {
  // The schemas of the schemas take 20 ms to compile, so it is done once, when first needed.
  const grammars = new Map<Draft, Ajv>();

  function grammarOf(draft: Draft): Ajv {
    const grammar =
      grammars.get(draft) ?? createAjv(draft, { left: Infinity }, { allErrors: true });
    grammars.set(draft, grammar);
    return grammar;
  }

  return (schemaText) => {
    if (schemaText.length > maxSchemaLength) {
      return invalid(`a schema has at most ${maxSchemaLength} characters`);
    }
    try {
      const schema: unknown = JSON.parse(schemaText);
      if (!isObject(schema)) return invalid("a schema is a JSON object");
      const draft = draftOf(schema["$schema"]);
      if (draft === undefined) {
        return invalid(`"$schema" must name draft 2020-12 or draft-07, or be left out`);
      }
      if (schema["$async"] !== undefined) return invalid(`"$async" is not supported`);
      const grammar = grammarOf(draft);
      if (grammar.validateSchema(schema) !== true) {
        return invalid(grammar.errorsText(grammar.errors, { dataVar: "schema" }));
      }
      return compileSchema(schema, draft);
    } catch (error) {
      if (error instanceof RangeError) {
        return invalid("the schema is nested too deeply, or refers to itself without end");
      }
      // Whatever else is thrown here, it is the schema that could not be compiled.
      return invalid(error instanceof Error ? error.message : "the schema cannot be compiled");
    }
  };
}

type Draft = "2020-12" | "07";

/** Without `$schema` the current draft applies. */
function draftOf(named: unknown): Draft | undefined {
  if (named === undefined) return "2020-12";
  if (typeof named !== "string") return undefined;
  const [, year] =
    /^https?:\/\/json-schema\.org\/(?:draft\/(2020-12)\/schema)#?$/.exec(named) ?? [];
  if (year === "2020-12") return "2020-12";
  return /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(named) ? "07" : undefined;
}

function createAjv(draft: Draft, budget: StepBudget, options: Options): Ajv {
  const all: Options = {
    // People's schemas carry keywords and formats of other tools; those are ignored.
    strict: false,
    logger: false,
    // Otherwise `required: ["constructor"]` is met by every object.
    ownProperties: true,
    // Inlining makes the code of a small schema with many references large.
    inlineRefs: false,
    ...options,
  };
  const ajv = draft === "07" ? new Ajv(all) : new Ajv2020(all);
  addFormats.default(ajv);
  // The one format whose expression backtracks: 20,000 characters took 0.25 s (measured 2026-08).
  ajv.addFormat("url", isUrl);
  addUniqueItems(ajv, budget);
  return ajv;
}

function isUrl(text: string): boolean {
  return /^(?:https?|ftp):\/\//i.test(text) && URL.canParse(text);
}

type Validate = (payload: unknown) => ValidateFunction["errors"];

/**
 * Each schema has an instance of its own: a shared one would keep every schema for ever, refuse
 * two with the same `$id`, and let one refer to the other.
 */
function createValidate(
  schema: object,
  draft: Draft,
  budget: StepBudget,
  allErrors: boolean,
): Validate {
  const ajv = createAjv(draft, budget, {
    allErrors,
    meta: false,
    validateSchema: false,
    code: { regExp: linearRegExp(budget) },
  });
  meterKeywords(ajv, budget, JSON.stringify(schema));
  const isEndless = watchReferences(ajv);
  const validate = ajv.compile(schema);
  if (isEndless()) throw new Error(endlessSchema);
  return (payload) => {
    budget.left = allErrors ? maxDetailSteps : maxSteps;
    try {
      return validate(payload) ? null : (validate.errors ?? []);
    } finally {
      // It holds values of the payload.
      validate.errors = null;
    }
  };
}

function compileSchema(schema: object, draft: Draft): CompiledSchema | InvalidSchema {
  const budget: StepBudget = { left: 0 };
  const validate = createValidate(schema, draft, budget, false);
  const refusal = refusalOf(validate);
  if (refusal !== undefined) return invalid(refusal);
  // Compiled once a payload has faults, for many schemas never meet one.
  let explain: Validate | undefined;

  function faultsOf(payload: unknown, first: readonly ErrorObject[]): readonly ErrorObject[] {
    try {
      explain ??= createValidate(schema, draft, budget, true);
      const all = explain(payload) ?? [];
      return all.length === 0 ? first : all;
    } catch (error) {
      if (error instanceof RangeError || error instanceof StepsExceededError) return first;
      throw error;
    }
  }

  return {
    kind: "schema",
    check(payload) {
      try {
        const first = validate(payload);
        if (first === null || first === undefined) return { kind: "valid" };
        return {
          kind: "invalid",
          faults: faultsOf(payload, first).slice(0, maxFaults).map(faultOf),
        };
      } catch (error) {
        if (error instanceof RangeError) {
          const isDeep = depthExceeds(payload, deepPayload);
          return fault(isDeep ? "the payload is nested too deeply" : endlessSchema);
        }
        if (error instanceof StepsExceededError) return fault(error.message);
        throw new Error("a payload could not be held to its schema", { cause: error });
      }
    },
  };
}

/** Tries the schema: one that cannot judge the simplest values would refuse every message. */
function refusalOf(validate: Validate): string | undefined {
  try {
    for (const sample of samples) validate(sample);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return endlessSchema;
    if (error instanceof StepsExceededError) return "the schema costs too much to evaluate";
    throw error;
  }
}

/** Level by level, for the value may be deeper than the stack. */
function depthExceeds(value: unknown, depth: number): boolean {
  let level = [value];
  for (let i = 0; i < depth && level.length > 0; i += 1) {
    level = level.flatMap((each): unknown[] =>
      typeof each === "object" && each !== null ? Object.values(each) : [],
    );
  }
  return level.length > 0;
}

function linearRegExp(budget: StepBudget): NonNullable<NonNullable<Options["code"]>["regExp"]> {
  const regExp = (pattern: string) => {
    const compiled = compilePattern(pattern, budget);
    // By its text the compiler tells patterns apart.
    return { test: (text: string) => compiled.test(text), toString: () => pattern };
  };
  // Only for validators that are written to a file, which none is.
  regExp.code = "linearRegExp";
  return regExp;
}

function faultOf(error: ErrorObject): SchemaFault {
  const message = `${error.message ?? `must pass ${error.keyword}`}${detailOf(error)}`;
  return { path: shorten(error.instancePath), message: shorten(message) };
}

/** What the message leaves open. */
function detailOf({ keyword, params }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties":
      return `: ${JSON.stringify(params["additionalProperty"])}`;
    case "unevaluatedProperties":
      return `: ${JSON.stringify(params["unevaluatedProperty"])}`;
    case "enum":
      return `: ${JSON.stringify(params["allowedValues"])}`;
    case "const":
      return `: ${JSON.stringify(params["allowedValue"])}`;
    default:
      return "";
  }
}

function fault(message: string): SchemaVerdict {
  return { kind: "invalid", faults: [{ path: "", message }] };
}

function invalid(message: string): InvalidSchema {
  return { kind: "invalid-schema", message: shorten(message) };
}

function shorten(text: string): string {
  return text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
