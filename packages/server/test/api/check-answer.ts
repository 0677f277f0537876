import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

interface Operation {
  readonly pattern: RegExp;
  readonly method: string;
  readonly answers: ReadonlyMap<string, ValidateFunction | null>;
}

/** Holds answers to the OpenAPI document: each status is described, each body is as described. */
export function createAnswerCheck(document: string) {
  const api: unknown = JSON.parse(document, (_key, value: unknown) => closed(value));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(asObject(api), "api");
  const operations = operationsOf(api, ajv);

  return (method: string, path: string, status: number, json: unknown): void => {
    const bare = path.split("?", 1)[0] ?? "";
    const found = operations.filter((each) => each.method === method && each.pattern.test(bare));
    // A fixed path goes before one with parameters.
    const operation = found.toSorted(
      (a, b) => b.pattern.source.length - a.pattern.source.length,
    )[0];
    if (operation === undefined) return;
    const validate = operation.answers.get(String(status));
    if (validate === undefined) {
      throw new Error(`${method} ${path} answered ${status}, which is not described`);
    }
    if (validate !== null && !validate(json)) {
      throw new Error(
        `${method} ${path} answered ${status} with ${JSON.stringify(json)}: ${ajv.errorsText(validate.errors)}`,
      );
    }
  };
}

/** In the tests, what is not described may not be answered either. */
function closed(value: unknown): unknown {
  if (!isObject(value) || !isObject(value["properties"])) return value;
  return "additionalProperties" in value || value["type"] !== "object"
    ? value
    : { ...value, additionalProperties: false };
}

function operationsOf(api: unknown, ajv: Ajv2020): readonly Operation[] {
  return Object.entries(member(api, "paths")).flatMap(([path, item]) =>
    Object.entries(asObject(item)).map(([method, operation]) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
      answers: new Map(
        Object.entries(member(operation, "responses")).map(([status, answer]) => [
          status,
          "content" in asObject(answer)
            ? ajv.compile({ $ref: `api#${pointerTo(path, method, status)}` })
            : null,
        ]),
      ),
    })),
  );
}

function pointerTo(path: string, method: string, status: string): string {
  const steps = [
    "paths",
    path,
    method,
    "responses",
    status,
    "content",
    "application/json",
    "schema",
  ];
  return steps
    .map((step) => `/${encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"))}`)
    .join("");
}

function member(value: unknown, name: string): Readonly<Record<string, unknown>> {
  return asObject(asObject(value)[name]);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new Error("expected an object");
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
