import type { Comparison, Filter, Literal, Path } from "./filter.ts";

/**
 * Judges a parsed payload. The work is bounded by the filter's size times the payload's: there is
 * no pattern and no backtracking. A test of a member that is not there is false, whatever it is.
 */
export function evaluateFilter(filter: Filter, payload: unknown): boolean {
  switch (filter.kind) {
    case "and":
      return filter.all.every((part) => evaluateFilter(part, payload));
    case "or":
      return filter.any.some((part) => evaluateFilter(part, payload));
    case "not":
      return !evaluateFilter(filter.filter, payload);
    case "exists":
      return readPath(payload, filter.path) !== undefined;
    case "in": {
      const actual = readPath(payload, filter.path);
      return filter.values.some((value) => value === actual);
    }
    case "compare": {
      const actual = readPath(payload, filter.path);
      return actual !== undefined && compare(actual, filter.comparison, filter.value);
    }
  }
}

/** `undefined` for a member that is not there; JSON has no such value. */
function readPath(payload: unknown, path: Path): unknown {
  let value = payload;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    // An index is for arrays and a name for objects alone, so `length` is no member of an array.
    if (Array.isArray(value) !== (typeof step === "number")) return undefined;
    value = ownMember(value, step);
  }
  return value;
}

/** Only own members: `constructor` and `__proto__` are there only when the payload has them. */
function ownMember(holder: object, step: string | number): unknown {
  return Object.getOwnPropertyDescriptor(holder, step)?.value;
}

function compare(actual: unknown, comparison: Comparison, value: Literal): boolean {
  switch (comparison) {
    case "=":
      return actual === value;
    case "!=":
      return actual !== value;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return isOrdered(actual, comparison, value);
    case "contains":
      if (Array.isArray(actual)) return actual.includes(value);
      return typeof actual === "string" && typeof value === "string" && actual.includes(value);
    case "startsWith":
      return typeof actual === "string" && typeof value === "string" && actual.startsWith(value);
    case "endsWith":
      return typeof actual === "string" && typeof value === "string" && actual.endsWith(value);
  }
}

type Order = "<" | "<=" | ">" | ">=";

/** Numbers as doubles, strings by their UTF-16 units; nothing else has an order. */
function isOrdered(actual: unknown, order: Order, value: Literal): boolean {
  if (typeof actual === "number" && typeof value === "number") return holds(actual, order, value);
  if (typeof actual === "string" && typeof value === "string") return holds(actual, order, value);
  return false;
}

function holds<T extends number | string>(actual: T, order: Order, value: T): boolean {
  switch (order) {
    case "<":
      return actual < value;
    case "<=":
      return actual <= value;
    case ">":
      return actual > value;
    case ">=":
      return actual >= value;
  }
}
