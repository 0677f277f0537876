/** Splits the text of a filter into tokens, each with the offset that it starts at. */

export type SymbolText = "(" | ")" | "[" | "]" | "," | "." | "=" | "!=" | "<" | "<=" | ">" | ">=";

export type Token =
  | { readonly kind: "word"; readonly text: string; readonly position: number }
  | { readonly kind: "string"; readonly value: string; readonly position: number }
  | { readonly kind: "number"; readonly value: number; readonly position: number }
  | { readonly kind: "symbol"; readonly text: SymbolText; readonly position: number }
  | { readonly kind: "end"; readonly position: number };

/** Caught by the parser, which is the only caller, and handed on as a value. */
export class FilterSyntaxError extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

/** The next token at or behind `from`, and the offset behind it. */
export function readToken(text: string, from: number): { token: Token; end: number } {
  let position = from;
  while (position < text.length && " \t\r\n".includes(text.charAt(position))) position += 1;
  if (position >= text.length) return { token: { kind: "end", position }, end: position };

  const char = text.charAt(position);
  if (char === '"') return readString(text, position);
  const number = match(numberStart, text, position);
  if (number !== undefined) return readNumber(number, position);
  const word = match(wordPattern, text, position);
  if (word !== undefined) {
    return { token: { kind: "word", text: word, position }, end: position + word.length };
  }
  const symbol = symbols.find((candidate) => text.startsWith(candidate, position));
  if (symbol !== undefined) {
    return { token: { kind: "symbol", text: symbol, position }, end: position + symbol.length };
  }
  throw new FilterSyntaxError(position, unknownCharacter(char));
}

// Longer symbols first.
const symbols: readonly SymbolText[] = [
  "!=",
  "<=",
  ">=",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "=",
  "<",
  ">",
];

// Sticky: each matches at `lastIndex` only, and none can backtrack over more than it has read.
const wordPattern = /[A-Za-z_$][A-Za-z0-9_$-]*/y;
const numberStart = /-?[0-9][0-9A-Za-z_.+-]*/y;
const numberPattern = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function match(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0];
}

function unknownCharacter(char: string): string {
  if (char === "'" || char === "`") return 'a string is written in double quotes: "…"';
  if (char === "&" || char === "|" || char === "!") {
    return `unexpected ${JSON.stringify(char)}: write "and", "or", "not" or "!="`;
  }
  return `unexpected ${JSON.stringify(char)}: other than letters, digits, "_", "$" and "-", a name is written ["…"]`;
}

function readNumber(written: string, position: number): { token: Token; end: number } {
  if (!numberPattern.test(written)) {
    throw new FilterSyntaxError(position, `expected a number as in JSON, found ${written}`);
  }
  const value = Number(written);
  if (!Number.isFinite(value)) {
    throw new FilterSyntaxError(position, "expected a number that fits a double");
  }
  return { token: { kind: "number", value, position }, end: position + written.length };
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readString(text: string, position: number): { token: Token; end: number } {
  let value = "";
  let at = position + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') return { token: { kind: "string", value, position }, end: at + 1 };
    if (char < " ") {
      throw new FilterSyntaxError(at, "expected a control character to be written as an escape");
    }
    if (char === "\\") {
      const escape = readEscape(text, at);
      value += escape.value;
      at = escape.end;
    } else {
      value += char;
      at += 1;
    }
  }
  throw new FilterSyntaxError(text.length, 'expected the closing " of the string');
}

function readEscape(text: string, position: number): { value: string; end: number } {
  const char = text.charAt(position + 1);
  if (char === "u") {
    const hex = text.slice(position + 2, position + 6);
    if (/^[0-9A-Fa-f]{4}$/.test(hex)) {
      return { value: String.fromCharCode(Number.parseInt(hex, 16)), end: position + 6 };
    }
  }
  const value = Object.hasOwn(escapes, char) ? escapes[char] : undefined;
  if (value === undefined) {
    throw new FilterSyntaxError(
      position,
      'expected an escape as in JSON: \\" \\\\ \\n \\t \\u0041',
    );
  }
  return { value, end: position + 2 };
}
