/**
 * Reads a regular expression (ECMAScript, `u` flag) into a tree that can be matched without
 * backtracking. What needs backtracking (lookaround, backreferences) is refused.
 */

export type PatternNode =
  /** One code point, described by `source`: `a`, `.`, `\d`, `[^x-z]`. */
  | { readonly kind: "one"; readonly source: string }
  | { readonly kind: "assert"; readonly that: Assertion }
  | { readonly kind: "sequence"; readonly items: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly item: PatternNode;
      readonly min: number;
      readonly max: number;
    };

export type Assertion = "start" | "end" | "word-edge" | "no-word-edge";

/** The message says what is wrong with the pattern, for its author. */
export class PatternError extends Error {}

const maxPatternLength = 4096;

export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > maxPatternLength) {
    throw new PatternError(`a pattern has at most ${maxPatternLength} characters`);
  }
  try {
    RegExp(pattern, "u");
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : "not a regular expression");
  }
  // From here on the syntax is known to be right, so what follows only has to tell the parts apart.
  return parseChoice({ pattern, at: 0 });
}

interface Reader {
  readonly pattern: string;
  at: number;
}

function take(reader: Reader, text: string): boolean {
  const isNext = reader.pattern.startsWith(text, reader.at);
  if (isNext) reader.at += text.length;
  return isNext;
}

function parseChoice(reader: Reader): PatternNode {
  const options = [parseSequence(reader)];
  while (take(reader, "|")) options.push(parseSequence(reader));
  return options.length === 1 && options[0] ? options[0] : { kind: "choice", options };
}

function parseSequence(reader: Reader): PatternNode {
  const items: PatternNode[] = [];
  while (reader.at < reader.pattern.length && !"|)".includes(reader.pattern.charAt(reader.at))) {
    items.push(parseQuantifier(reader, parseTerm(reader)));
  }
  return { kind: "sequence", items };
}

function parseTerm(reader: Reader): PatternNode {
  if (take(reader, "^")) return { kind: "assert", that: "start" };
  if (take(reader, "$")) return { kind: "assert", that: "end" };
  if (take(reader, "\\b")) return { kind: "assert", that: "word-edge" };
  if (take(reader, "\\B")) return { kind: "assert", that: "no-word-edge" };
  if (take(reader, "(")) return parseGroup(reader);
  const end = endOfOne(reader);
  const source = reader.pattern.slice(reader.at, end);
  reader.at = end;
  return { kind: "one", source };
}

function parseGroup(reader: Reader): PatternNode {
  const group = /\?(?<opening>:|<[^=!>]*>|[^:>]*)/uy;
  group.lastIndex = reader.at;
  const opening = group.exec(reader.pattern)?.groups?.["opening"];
  if (opening !== undefined) {
    if (opening !== ":" && !opening.endsWith(">")) throw unsupported("lookaround and modifiers");
    reader.at += 1 + opening.length;
  }
  const inside = parseChoice(reader);
  take(reader, ")");
  return inside;
}

function endOfOne(reader: Reader): number {
  const { pattern, at } = reader;
  if (pattern.charAt(at) === "[") return endOfClass(pattern, at);
  if (pattern.charAt(at) === "\\") return endOfEscape(pattern, at);
  return at + String.fromCodePoint(pattern.codePointAt(at) ?? 0).length;
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  while (pattern.charAt(at) !== "]") at += pattern.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}

function endOfEscape(pattern: string, at: number): number {
  const rest = pattern.slice(at);
  if (/^\\[1-9k]/.test(rest)) throw unsupported("backreferences");
  // A surrogate pair that is written as two escapes is one code point.
  const pair = /^\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/.exec(rest);
  const escape = pair ?? /^\\(?:u\{[^}]*\}|u.{4}|x..|c.|[pP]\{[^}]*\}|.)/su.exec(rest);
  return at + (escape?.[0].length ?? 1);
}

function parseQuantifier(reader: Reader, item: PatternNode): PatternNode {
  const quantifier = /(?<sign>[*+?])|\{(?<min>\d+)(?<range>,(?<max>\d*))?\}/y;
  quantifier.lastIndex = reader.at;
  const found = quantifier.exec(reader.pattern);
  if (!found) return item;
  reader.at = quantifier.lastIndex;
  // A lazy quantifier prefers another match, but there is one exactly when a greedy one finds one.
  take(reader, "?");
  const [sign, least, range, most] = found.slice(1);
  if (sign !== undefined) {
    return { kind: "repeat", item, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
  }
  const min = Number(least);
  if (range === undefined) return { kind: "repeat", item, min, max: min };
  return { kind: "repeat", item, min, max: most === "" ? Infinity : Number(most) };
}

function unsupported(what: string): PatternError {
  return new PatternError(
    `${what} are not supported in a pattern, because their cost has no bound`,
  );
}
