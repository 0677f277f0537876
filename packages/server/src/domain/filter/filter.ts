/** What a filter says, once parsed. The language is described in docs/filters.md. */

/** A name selects a member of an object, a number an item of an array. */
export type PathStep = string | number;
export type Path = readonly PathStep[];

export type Literal = string | number | boolean | null;

export const comparisons = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "contains",
  "startsWith",
  "endsWith",
] as const;
export type Comparison = (typeof comparisons)[number];

export type Filter =
  | { readonly kind: "and"; readonly all: readonly Filter[] }
  | { readonly kind: "or"; readonly any: readonly Filter[] }
  | { readonly kind: "not"; readonly filter: Filter }
  | { readonly kind: "exists"; readonly path: Path }
  | {
      readonly kind: "compare";
      readonly path: Path;
      readonly comparison: Comparison;
      readonly value: Literal;
    }
  | { readonly kind: "in"; readonly path: Path; readonly values: readonly Literal[] };

/** A message is matched against many filters, so each must be cheap to judge. */
export const filterLimits = {
  /** In UTF-16 units. */
  length: 1024,
  /** Parentheses and `not` inside each other. */
  depth: 16,
  /** Each comparison, `exists`, `not`, and run of `and` or `or` is one, as is each value of a list. */
  nodes: 128,
} as const;
