import { isUtf8 } from "node:buffer";
import type { FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import type { Call } from "./auth.ts";
import { ApiProblem, InvalidRequest, invalidBody, type Issue } from "./problems.ts";

const notAnObject = "must be a JSON object";

const places: Readonly<Record<string, string>> = {
  body: "body",
  querystring: "query",
  params: "path",
  headers: "header",
};

/** Validates with zod, and says what is wrong as the wire contract does. */
export const validatorCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) throw new Error("a route's schema is not a zod schema");
  const place = places[httpPart ?? "body"] ?? "body";
  return (data: unknown) => {
    // No body comes as null.
    const result = validate(schema, data ?? undefined, place);
    return result instanceof InvalidRequest ? { error: result } : { value: result.value };
  };
};

/** What a schema makes of a value, or what is wrong with it as the wire contract says it. */
export function validate<T>(
  schema: z.ZodType<T>,
  data: unknown,
  place: string,
): { readonly value: T } | InvalidRequest {
  const result = schema.safeParse(data, { reportInput: true, error: wording });
  return result.success
    ? { value: result.data }
    : new InvalidRequest(issuesOf(result.error, place));
}

/** What a schema says of itself goes before these. */
const wording: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === "invalid_type" && issue.expected === "object" && isWhole(issue.path)) {
    return notAnObject;
  }
  if (issue.input === undefined) return "is needed";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case "too_small":
      return boundText(issue.origin, Number(issue.minimum), "at least");
    case "too_big":
      return boundText(issue.origin, Number(issue.maximum), "at most");
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}`;
    case "invalid_union":
      return "has a type that is not taken here";
    case "invalid_key":
      return "has a name that is not taken here";
    default:
      return undefined;
  }
};

function isWhole(path: readonly PropertyKey[] | undefined): boolean {
  return path === undefined || path.length === 0;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  null: "null",
};

function boundText(origin: string, bound: number, which: "at least" | "at most"): string {
  const end = which === "at least" ? "or more" : "or less";
  if (origin === "string")
    return `must have ${which} ${bound} ${bound === 1 ? "character" : "characters"}`;
  return origin === "array" || origin === "set"
    ? `must have ${which} ${bound} ${bound === 1 ? "item" : "items"}`
    : `must be ${bound} ${end}`;
}

const maxIssues = 20;

function issuesOf(error: z.ZodError, place: string): readonly Issue[] {
  return error.issues.flatMap((issue) => issueOf(issue, place)).slice(0, maxIssues);
}

function issueOf(issue: z.core.$ZodIssue, place: string): readonly Issue[] {
  const loc = [place, ...issue.path.map(String)];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      loc: [...loc, key],
      msg: "This field is not known here.",
      type: "value_error.unknown_field",
    }));
  }
  return [{ loc, msg: issue.message, type: typeOf(issue) }];
}

/** zod has no code of its own for what is absent; a rule of ours that fails is never about that. */
function typeOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code !== "custom") return "value_error.missing";
  return issue.code === "invalid_type" ? "type_error" : "value_error";
}

/**
 * Parses JSON. An empty body is no body: clients say `content-type: application/json` on a POST
 * that has none, too.
 */
export function parseJsonBody(call: Pick<Call, "headers">, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  refuseCodings(call.headers["content-encoding"]);
  const value = parseJson(bytes);
  refuseOddities(value);
  return value;
}

/** What comes of it has yet to pass `refuseOddities`. */
export function parseJson(bytes: Buffer): unknown {
  // A decoder would put U+FFFD in place of what is no UTF-8, and so change what was published.
  if (!isUtf8(bytes)) throw notJson("The body is not UTF-8.");
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(error instanceof SyntaxError ? withoutContent(error.message) : "Not JSON.");
  }
  // Fastify has null for no body at all.
  if (value === null) throw invalidBody([], notAnObject, "type_error");
  return value;
}

/** What is compressed would only be called no UTF-8. */
function refuseCodings(codings: string | undefined): void {
  if (codings === undefined || codings.toLowerCase() === "identity") return;
  const msg = "The body has a Content-Encoding: send it as it is, without one.";
  throw new ApiProblem("unsupported_media_type", msg);
}

const maxDepth = 100;

/**
 * Refuses members named `__proto__`, which validation would drop without a word, and nesting that
 * recursive code could not walk. Payloads are not looked into: they go on as bytes.
 */
export function refuseOddities(body: unknown): void {
  let level = isContainer(body) ? containersIn(body, true) : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw invalidBody([], `is nested deeper than ${maxDepth} levels`);
    level = level.flatMap((value) => containersIn(value, false));
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function containersIn(value: object, isBody: boolean): object[] {
  if (Object.hasOwn(value, "__proto__")) throw invalidBody(["__proto__"], "is no name to use");
  const found: object[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (isContainer(member) && !(isBody && name === "payload")) found.push(member);
  }
  return found;
}

/** V8 quotes the text around the fault; a secret could stand there. */
function withoutContent(message: string): string {
  const position = /at position \d+/.exec(message)?.[0];
  return position === undefined
    ? "The body is not JSON."
    : `The body is not JSON: fault ${position}.`;
}

function notJson(msg: string): InvalidRequest {
  return invalidBody([], msg, "value_error.jsondecode");
}
