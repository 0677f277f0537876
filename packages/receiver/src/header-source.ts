/** Headers as a `Headers`, as `[name, value]` pairs, or as Node's `request.headers`. */
export type HeaderSource =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A web `Request` or Node's `IncomingMessage`: anything that carries headers. Of the latter `rawHeaders` is read,
 * because `headers` hides that one came twice.
 */
export interface WithHeaders {
  readonly headers: HeaderSource;
  readonly rawHeaders?: readonly string[];
}

/** All values of a header, by its name in lower case, each as it was sent. */
export type HeaderValues = (name: string) => readonly string[];

/** Nothing is collected beforehand: a scheme reads two or three of the dozen headers that a request has. */
export function headerValues(from: HeaderSource | WithHeaders): HeaderValues {
  if (from === null || typeof from !== "object") return () => [];
  if (isWithHeaders(from)) {
    return from.rawHeaders === undefined
      ? headerValues(from.headers)
      : pairValues(pairsOf(from.rawHeaders));
  }
  if (isHeaders(from)) {
    return (name) => {
      const value = from.get(name);
      return value === null ? [] : [value];
    };
  }
  return Symbol.iterator in from ? pairValues(from) : recordValues(from);
}

interface HeadersLike {
  get(name: string): string | null;
  append(name: string, value: string): void;
}

/** Also the `Headers` of another realm or library. A `Map` has no `append`. */
function isHeaders(from: object): from is HeadersLike {
  return "get" in from && "append" in from && typeof from.append === "function";
}

function pairValues(pairs: Iterable<readonly [string, unknown]>): HeaderValues {
  return (wanted) => {
    const found: string[] = [];
    for (const [name, value] of pairs) if (isNamed(name, wanted)) collect(value, found);
    return found;
  };
}

function recordValues(record: Readonly<Record<string, unknown>>): HeaderValues {
  return (wanted) => {
    const found: string[] = [];
    for (const name in record) if (isNamed(name, wanted)) collect(record[name], found);
    return found;
  };
}

function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && (name === wanted || name.toLowerCase() === wanted);
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === "string") into.push(value);
  else if (Array.isArray(value)) for (const each of value) collect(each, into);
}

function pairsOf(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  return rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""] as const] : [],
  );
}

/** A header may itself be called "headers", but its value is never a plain object or a `Headers`. */
function isWithHeaders(from: HeaderSource | WithHeaders): from is WithHeaders {
  if (!("headers" in from)) return false;
  const { headers } = from;
  if (typeof headers !== "object" || headers === null) return false;
  return !Array.isArray(headers) || Array.isArray(headers[0]);
}
