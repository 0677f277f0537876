import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparisons, filterLimits } from "./filter.ts";
import type { Filter, Literal, Path } from "./filter.ts";
import { parseFilter } from "./parse-filter.ts";

function parsed(text: string): Filter {
  const result = parseFilter(text);
  if (result.kind === "invalid") throw new Error(`${text}: ${result.position} ${result.message}`);
  return result.filter;
}

describe("a filter that parses", () => {
  test("binds not before and, and before or", () => {
    const [a, b, c] = ["a", "b", "c"].map((name): Filter => ({
      kind: "compare",
      path: [name],
      comparison: "=",
      value: 1,
    }));
    if (!a || !b || !c) throw new Error("expected three comparisons");
    expect(parsed("a = 1 or b = 1 and not c = 1")).toEqual({
      kind: "or",
      any: [a, { kind: "and", all: [b, { kind: "not", filter: c }] }],
    });
    expect(parsed("(a=1 or b=1) and c=1")).toEqual({
      kind: "and",
      all: [{ kind: "or", any: [a, b] }, c],
    });
  });

  test.each<[string, Path]>([
    ["amount", ["amount"]],
    ["customer.plan", ["customer", "plan"]],
    ["$a._b-c9", ["$a", "_b-c9"]],
    ['["odd key"]', ["odd key"]],
    ['a["b.c"][0].d', ["a", "b.c", 0, "d"]],
    ["[0]", [0]],
    ['["0"]', ["0"]],
    ["a.not.in.exists.true", ["a", "not", "in", "exists", "true"]],
    ['["not"]', ["not"]],
    ["notice", ["notice"]],
    ["__proto__.constructor", ["__proto__", "constructor"]],
  ])("has the path %s", (text, path) => {
    expect(parsed(`exists(${text})`)).toEqual({ kind: "exists", path });
    expect(parsed(`${text} = 1`)).toEqual({ kind: "compare", path, comparison: "=", value: 1 });
  });

  test.each<[string, Literal]>([
    ["-0.5e3", -500],
    ["9007199254740993", 9007199254740992],
    ["true", true],
    ["false", false],
    ["null", null],
    ['""', ""],
    [String.raw`"\"\\\/\b\f\n\r\té\ud83d\ude00ü"`, '"\\/\b\f\n\r\té😀ü'],
  ])("has the value %s", (text, value) => {
    expect(parsed(`a = ${text}`)).toEqual({ kind: "compare", path: ["a"], comparison: "=", value });
  });

  test("every filter that can be written is read back as it was", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const result = parseFilter(write(filter));
        // The only thing that may be wrong with it is its size.
        const isTooLarge = result.kind === "invalid" && result.message.includes("at most");
        expect(isTooLarge ? "too large" : result).toEqual(
          isTooLarge ? "too large" : { kind: "filter", filter },
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe("a filter that does not parse", () => {
  test.each<[string, number, string]>([
    ["", 0, 'expected a path (as in customer.plan), "not", "exists" or "(", found the end'],
    ["a", 1, "expected one of = != < <= > >= contains startsWith endsWith in, found the end"],
    ["a == 1", 3, 'expected a value ("=", not "=="), found ='],
    ["a = ", 4, "expected a string, a number, true, false or null, found the end"],
    ["a = b", 4, "expected a string, a number, true, false or null, found b"],
    ["1 = a", 0, 'expected a path (as in customer.plan), "not", "exists" or "(", found 1'],
    ["a = 1 AND b = 2", 6, 'expected "and", "or" or the end, found AND'],
    ["a = 1 b = 2", 6, 'expected "and", "or" or the end, found b'],
    [
      "a = 1 and",
      9,
      'expected a path (as in customer.plan), "not", "exists" or "(", found the end',
    ],
    ["(a = 1", 6, 'expected "and", "or" or ")", found the end'],
    ["a = 1)", 5, 'expected "and", "or" or the end, found )'],
    ["exists a", 7, 'expected "(" (a member that is named exists is written ["exists"]), found a'],
    ["exists(a", 8, 'expected ".", "[" or ")", found the end'],
    ["a. = 1", 3, 'expected a name (an odd one is written ["…"]), found ='],
    ["a[-1] = 1", 2, "expected a string or an index that counts from 0, found -1"],
    ["a[0.5] = 1", 2, "expected a string or an index that counts from 0, found 0.5"],
    ["a[0 = 1", 4, 'expected "]", found ='],
    ["a in 1", 5, 'expected "[" and the list of values, found 1'],
    ["a in []", 6, "expected a string, a number, true, false or null, found ]"],
    ["a in [1 2]", 8, 'expected "," or "]", found 2'],
    ["a > true", 4, 'expected a number or a string after ">"'],
    ["a startsWith 1", 13, 'expected a string after "startsWith"'],
    ["a = 01", 4, "expected a number as in JSON, found 01"],
    ["a = 1.", 4, "expected a number as in JSON, found 1."],
    ["a = 1e999", 4, "expected a number that fits a double"],
    ["a = 'b'", 4, 'a string is written in double quotes: "…"'],
    ['a = "b', 6, 'expected the closing " of the string'],
    ['a = "\\x"', 5, 'expected an escape as in JSON: \\" \\\\ \\n \\t \\u0041'],
    ['a = "\\u12"', 5, 'expected an escape as in JSON: \\" \\\\ \\n \\t \\u0041'],
    ['a = "\n"', 5, "expected a control character to be written as an escape"],
    ["a = 1 && b = 2", 6, 'unexpected "&": write "and", "or", "not" or "!="'],
    [
      "größe = 1",
      2,
      'unexpected "ö": other than letters, digits, "_", "$" and "-", a name is written ["…"]',
    ],
  ])("says where and what was expected: %j", (text, position, message) => {
    expect(parseFilter(text)).toEqual({ kind: "invalid", position, message });
  });

  test("shortens what it found", () => {
    const result = parseFilter(`a ${"b".repeat(100)}`);
    expect(result.kind === "invalid" && result.message).toContain(`found ${"b".repeat(40)}…`);
  });

  test("nothing that is written makes the parser throw", () => {
    const pieces = fc.constantFrom(
      ...'()[],.=<>!"\\ -0'.split(""),
      " a ",
      " and ",
      " or ",
      " not ",
      " in ",
      " exists(",
      '"x"',
      " 1 ",
      "a=1",
      "!=",
      " contains ",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: pieces, maxLength: 30 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = parseFilter(text);
        if (result.kind === "filter") return;
        expect(result.position).toBeGreaterThanOrEqual(0);
        expect(result.position).toBeLessThanOrEqual(text.length);
        expect(result.message).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the limits of a filter", () => {
  test("a text may be as long as the limit and no longer", () => {
    const text = (length: number) => `a = "${"x".repeat(length - 6)}"`;
    expect(parseFilter(text(filterLimits.length)).kind).toBe("filter");
    expect(parseFilter(text(filterLimits.length + 1))).toEqual({
      kind: "invalid",
      position: 1024,
      message: "expected at most 1024 characters, found 1025",
    });
  });

  test.each([
    ["parentheses", (depth: number) => `${"(".repeat(depth)}a=1${")".repeat(depth)}`, 16],
    ["not", (depth: number) => `${"not ".repeat(depth)}a=1`, 64],
  ])("%s may nest as deep as the limit and no deeper", (_name, text, position) => {
    expect(parseFilter(text(filterLimits.depth)).kind).toBe("filter");
    expect(parseFilter(text(filterLimits.depth + 1))).toEqual({
      kind: "invalid",
      position,
      message: 'expected at most 16 parentheses and "not" inside each other',
    });
  });

  test.each([
    [
      "comparisons",
      (nodes: number) =>
        Array(nodes - 1)
          .fill("a=1")
          .join(" or "),
    ],
    [
      "values of a list",
      (nodes: number) =>
        `a in [${Array(nodes - 1)
          .fill("1")
          .join(",")}]`,
    ],
  ])("%s may be as many as the limit and no more", (_name, text) => {
    expect(parseFilter(text(filterLimits.nodes)).kind).toBe("filter");
    const result = parseFilter(text(filterLimits.nodes + 1));
    expect(result).toMatchObject({
      kind: "invalid",
      message: "expected at most 128 comparisons, operators and list values",
    });
  });
});

const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 5 }),
  fc.constantFrom("a", "not", "0"),
);
const paths = fc.array(fc.oneof(names, fc.nat()), { minLength: 1, maxLength: 3 });
const literals = fc.oneof(
  fc.string({ unit: "binary", maxLength: 5 }),
  // -0 is written as 0.
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((n) => (n === 0 ? 0 : n)),
  fc.constantFrom(true, false, null),
);

const compare = fc
  .tuple(paths, fc.constantFrom(...comparisons), literals, fc.string({ maxLength: 5 }))
  .map(([path, comparison, literal, text]): Filter => {
    const takesAny = comparison === "=" || comparison === "!=" || comparison === "contains";
    return { kind: "compare", path, comparison, value: takesAny ? literal : text };
  });

const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => {
  const several = fc.array(tie("filter"), { minLength: 2, maxLength: 3 });
  return {
    filter: fc.oneof(
      { maxDepth: 3 },
      compare,
      paths.map((path): Filter => ({ kind: "exists", path })),
      fc
        .tuple(paths, fc.array(literals, { minLength: 1, maxLength: 3 }))
        .map(([path, values]): Filter => ({ kind: "in", path, values })),
      tie("filter").map((filter): Filter => ({ kind: "not", filter })),
      several.map((all): Filter => ({ kind: "and", all })),
      several.map((any): Filter => ({ kind: "or", any })),
    ),
  };
});

function write(filter: Filter): string {
  switch (filter.kind) {
    case "and":
      return filter.all.map((part) => `(${write(part)})`).join("and");
    case "or":
      return filter.any.map((part) => `(${write(part)})`).join(" or\n");
    case "not":
      return `not(${write(filter.filter)})`;
    case "exists":
      return `exists(${writePath(filter.path)})`;
    case "in":
      return `${writePath(filter.path)} in ${JSON.stringify(filter.values)}`;
    case "compare":
      return `${writePath(filter.path)} ${filter.comparison} ${JSON.stringify(filter.value)}`;
  }
}

function writePath(path: Path): string {
  return path.map((step) => `[${JSON.stringify(step)}]`).join("");
}
