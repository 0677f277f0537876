import { comparisons, filterLimits } from "./filter.ts";
import type { Comparison, Filter, Literal, Path, PathStep } from "./filter.ts";
import { FilterSyntaxError, readToken } from "./filter-token.ts";
import type { SymbolText, Token } from "./filter-token.ts";

export type ParsedFilter =
  | { readonly kind: "filter"; readonly filter: Filter }
  /** `position` is the offset in `text` (UTF-16 units, from 0) where something else was expected. */
  | { readonly kind: "invalid"; readonly position: number; readonly message: string };

/**
 * Parses the filter language of docs/filters.md:
 *
 *     or      = and { "or" and }
 *     and     = not { "and" not }
 *     not     = "not" not | "(" or ")" | "exists" "(" path ")" | path test
 *     test    = comparison literal | "in" "[" literal { "," literal } "]"
 *     path    = ( name | key ) { "." name | key }
 *     key     = "[" ( string | index ) "]"
 */
export function parseFilter(text: string): ParsedFilter {
  if (text.length > filterLimits.length) {
    const message = `expected at most ${filterLimits.length} characters, found ${text.length}`;
    return { kind: "invalid", position: filterLimits.length, message };
  }
  try {
    const reader = createReader(text);
    const filter = parseOr(reader, 0);
    if (reader.token.kind !== "end") throw unexpected(reader, '"and", "or" or the end');
    return { kind: "filter", filter };
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    return { kind: "invalid", position: error.position, message: error.message };
  }
}

interface Reader {
  readonly text: string;
  token: Token;
  end: number;
  nodes: number;
}

function createReader(text: string): Reader {
  return { text, ...readToken(text, 0), nodes: 0 };
}

function advance(reader: Reader): void {
  const { token, end } = readToken(reader.text, reader.end);
  reader.token = token;
  reader.end = end;
}

function parseOr(reader: Reader, depth: number): Filter {
  const first = parseAnd(reader, depth);
  if (!isWord(reader, "or")) return first;
  countNode(reader);
  const any = [first];
  while (takeWord(reader, "or")) any.push(parseAnd(reader, depth));
  return { kind: "or", any };
}

function parseAnd(reader: Reader, depth: number): Filter {
  const first = parseNot(reader, depth);
  if (!isWord(reader, "and")) return first;
  countNode(reader);
  const all = [first];
  while (takeWord(reader, "and")) all.push(parseNot(reader, depth));
  return { kind: "and", all };
}

function parseNot(reader: Reader, depth: number): Filter {
  const { position } = reader.token;
  if (takeWord(reader, "not")) {
    countNode(reader, position);
    return { kind: "not", filter: parseNot(reader, deeper(position, depth)) };
  }
  if (takeSymbol(reader, "(")) {
    const filter = parseOr(reader, deeper(position, depth));
    if (!takeSymbol(reader, ")")) throw unexpected(reader, '"and", "or" or ")"');
    return filter;
  }
  countNode(reader);
  return takeWord(reader, "exists") ? parseExists(reader) : parseTest(reader);
}

function parseExists(reader: Reader): Filter {
  if (!takeSymbol(reader, "(")) {
    throw unexpected(reader, '"(" (a member that is named exists is written ["exists"])');
  }
  const path = parsePath(reader);
  if (!takeSymbol(reader, ")")) throw unexpected(reader, '".", "[" or ")"');
  return { kind: "exists", path };
}

function parseTest(reader: Reader): Filter {
  const path = parsePath(reader);
  if (takeWord(reader, "in")) return { kind: "in", path, values: parseList(reader) };
  const comparison = comparisonOf(reader.token);
  if (comparison === undefined) throw unexpected(reader, `one of ${comparisons.join(" ")} in`);
  advance(reader);
  if (comparison === "=" && isSymbol(reader, "="))
    throw unexpected(reader, 'a value ("=", not "==")');
  const { position } = reader.token;
  const value = parseLiteral(reader);
  checkComparable(comparison, value, position);
  return { kind: "compare", path, comparison, value };
}

function comparisonOf(token: Token): Comparison | undefined {
  if (token.kind !== "word" && token.kind !== "symbol") return undefined;
  return comparisons.find((comparison) => comparison === token.text);
}

/** Refuses what could never be true, because types are not coerced. */
function checkComparable(comparison: Comparison, value: Literal, position: number): void {
  switch (comparison) {
    case "=":
    case "!=":
    case "contains":
      return;
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (typeof value === "number" || typeof value === "string") return;
      throw new FilterSyntaxError(position, `expected a number or a string after "${comparison}"`);
    case "startsWith":
    case "endsWith":
      if (typeof value === "string") return;
      throw new FilterSyntaxError(position, `expected a string after "${comparison}"`);
  }
}

function parseList(reader: Reader): readonly Literal[] {
  if (!takeSymbol(reader, "[")) throw unexpected(reader, '"[" and the list of values');
  const values: Literal[] = [];
  do {
    countNode(reader);
    values.push(parseLiteral(reader));
  } while (takeSymbol(reader, ","));
  if (!takeSymbol(reader, "]")) throw unexpected(reader, '"," or "]"');
  return values;
}

function parseLiteral(reader: Reader): Literal {
  const value = literalOf(reader.token);
  if (value === undefined) throw unexpected(reader, "a string, a number, true, false or null");
  advance(reader);
  return value;
}

function literalOf(token: Token): Literal | undefined {
  if (token.kind === "string" || token.kind === "number") return token.value;
  if (token.kind !== "word") return undefined;
  if (token.text === "null") return null;
  if (token.text === "true") return true;
  return token.text === "false" ? false : undefined;
}

const reserved = new Set<string>(
  ["and", "or", "not", "in", "exists", "true", "false", "null"].concat(comparisons),
);

function parsePath(reader: Reader): Path {
  const { token } = reader;
  const steps: PathStep[] = [];
  if (token.kind === "word" && !reserved.has(token.text)) {
    steps.push(token.text);
    advance(reader);
  } else if (!isSymbol(reader, "[")) {
    throw unexpected(reader, 'a path (as in customer.plan), "not", "exists" or "("');
  }
  for (;;) {
    if (takeSymbol(reader, ".")) steps.push(parseName(reader));
    else if (takeSymbol(reader, "[")) steps.push(parseKey(reader));
    else return steps;
  }
}

function parseName(reader: Reader): string {
  const { token } = reader;
  // Behind a dot nothing but a name can stand, so reserved words are names there.
  if (token.kind !== "word") throw unexpected(reader, 'a name (an odd one is written ["…"])');
  advance(reader);
  return token.text;
}

function parseKey(reader: Reader): PathStep {
  const { token } = reader;
  const isIndex = token.kind === "number" && Number.isSafeInteger(token.value) && token.value >= 0;
  if (token.kind !== "string" && !isIndex) {
    throw unexpected(reader, "a string or an index that counts from 0");
  }
  advance(reader);
  if (!takeSymbol(reader, "]")) throw unexpected(reader, '"]"');
  return token.value;
}

function isWord(reader: Reader, text: string): boolean {
  return reader.token.kind === "word" && reader.token.text === text;
}

function isSymbol(reader: Reader, text: SymbolText): boolean {
  return reader.token.kind === "symbol" && reader.token.text === text;
}

function takeWord(reader: Reader, text: string): boolean {
  const isNext = isWord(reader, text);
  if (isNext) advance(reader);
  return isNext;
}

function takeSymbol(reader: Reader, text: SymbolText): boolean {
  const isNext = isSymbol(reader, text);
  if (isNext) advance(reader);
  return isNext;
}

function countNode(reader: Reader, position = reader.token.position): void {
  reader.nodes += 1;
  if (reader.nodes <= filterLimits.nodes) return;
  throw new FilterSyntaxError(
    position,
    `expected at most ${filterLimits.nodes} comparisons, operators and list values`,
  );
}

function deeper(position: number, depth: number): number {
  if (depth < filterLimits.depth) return depth + 1;
  throw new FilterSyntaxError(
    position,
    `expected at most ${filterLimits.depth} parentheses and "not" inside each other`,
  );
}

function unexpected(reader: Reader, expected: string): FilterSyntaxError {
  const { token, text, end } = reader;
  const found = token.kind === "end" ? "the end" : shorten(text.slice(token.position, end));
  return new FilterSyntaxError(token.position, `expected ${expected}, found ${found}`);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
