import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, StepsExceededError } from "./linear-pattern.ts";
import { PatternError } from "./parse-pattern.ts";

const plenty = 10_000_000;

function matches(pattern: string, text: string): boolean {
  return compilePattern(pattern, { left: plenty }).test(text);
}

describe("compilePattern", () => {
  const texts = [
    "",
    "a",
    "b",
    "ab",
    "ba",
    "aab",
    "abab",
    "aaaa",
    "a b",
    "A",
    "a\nb",
    "\n",
    "-",
    "_",
    "0",
    "12",
    "2026-03-01",
    "in_0042",
    "a.b@c.de",
    "pro",
    "team",
    "é",
    "😀",
    "\ud83d",
    "\ud83d!",
    "\u2028",
    "[x]",
  ];

  test.each([
    "",
    "a",
    "^a$",
    "^$",
    "a|b",
    "^(?:a|b)$",
    "^a|b$",
    "a*",
    "^a+$",
    "^a?b?$",
    "^a{2}$",
    "^a{2,}$",
    "^a{0}$",
    "^a{0,1}$",
    "^a{1,3}b$",
    "^(ab)*$",
    "^(?<name>a|b)+$",
    "^(a+)+$",
    "^(a|a)*b$",
    "()",
    "(|a)+",
    "(?:)*",
    "^(a*)*$",
    "^(a*?b??)+?$",
    ".",
    "^.$",
    "^..$",
    "[ab]",
    "[^ab]",
    "[]",
    "[^]",
    "[a\\]x]",
    "[\\w-]+",
    "^\\d{4}-\\d\\d-\\d\\d$",
    "\\bb",
    "\\Bb",
    "b\\b",
    "^\\b",
    "\\B$",
    "\\s",
    "\\S",
    "\\W",
    "\\D",
    "\\n",
    "\\x61",
    "\\u0061",
    "\\u{61}",
    "\\ud83d\\ude00",
    "^\\u{1f600}$",
    "^\\ud83d",
    "[\\ud83d\\ude00]",
    "\\p{Lu}",
    "\\P{L}",
    "^\\p{Script=Latin}$",
    "\\cJ",
    "\\0",
    "\\.",
    "\\[x\\]",
    "\\/",
    "😀+",
    "^[^@]+@[^@]+$",
    "^in_\\d+$",
    "^(pro|team)$",
    "(a|b)(a|b)",
    "a$b",
    "b^a",
    "(^|b)a",
    "a($|b)",
    "^^a$$",
    "[$^|()]",
  ])("agrees with the language's engine on /%s/", (pattern) => {
    const native = new RegExp(pattern, "u");
    const found = texts.filter((text) => matches(pattern, text));
    expect(found).toEqual(texts.filter((text) => native.test(text)));
  });

  test("agrees with the language's engine on any pattern and text", () => {
    // Without \B: the language's engine wrongly finds it between the halves of a surrogate pair.
    const atoms = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\w", "\\b", "^", "$", "😀", "");
    const { pattern: patterns } = fc.letrec<{ pattern: string; group: string }>((tie) => ({
      group: fc
        .tuple(tie("pattern"), fc.constantFrom("", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"))
        .map(([inside, quantifier]) => `(?:${inside})${quantifier}`),
      pattern: fc
        .array(fc.oneof({ maxDepth: 3 }, atoms, tie("group"), tie("group"), fc.constant("|")), {
          maxLength: 4,
        })
        .map((parts) => parts.join("")),
    }));
    const words = fc.string({ unit: fc.constantFrom("a", "b", "-", "😀", "\n"), maxLength: 8 });
    fc.assert(
      fc.property(patterns, words, (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(pattern, "u").test(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test("can be used again, also after a text that did not match", () => {
    const pattern = compilePattern("^ab+$", { left: plenty });
    expect(["ab", "a", "abb", "", "ab"].map((text) => pattern.test(text))).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  test.each([
    ["^(a+)+$", 12],
    ["^(a|a)*$", 16],
    ["^(.*)*x$", 16],
    ["a*a*a*a*a*b", 24],
    ["^(\\w+\\s?)*$", 24],
  ])("takes a number of steps that grows with the text alone: /%s/", (pattern, perCharacter) => {
    const budget = { left: plenty };
    const text = `${"a".repeat(10_000)}!`;
    expect(compilePattern(pattern, budget).test(text)).toBe(false);
    expect(plenty - budget.left).toBeLessThan(perCharacter * text.length);
  });

  test("gives up when the budget is used up", () => {
    const budget = { left: 1_000 };
    const pattern = compilePattern("^a*$", budget);
    expect(pattern.test("a".repeat(100))).toBe(true);
    expect(() => pattern.test("a".repeat(1_000))).toThrow(StepsExceededError);
  });

  test.each([
    ["(?=a)", "lookaround and modifiers are not supported"],
    ["(?!a)", "lookaround and modifiers are not supported"],
    ["(?<=a)b", "lookaround and modifiers are not supported"],
    ["(?<!a)b", "lookaround and modifiers are not supported"],
    ["(a)\\1", "backreferences are not supported"],
    ["(?<x>a)\\k<x>", "backreferences are not supported"],
    ["(", "Invalid regular expression"],
    ["a**", "Invalid regular expression"],
    ["\\-", "Invalid regular expression"],
    ["^.{1,100000}$", "repeats too much"],
    ["(?:(?:(?:a{99}){99}){99}){99}", "repeats too much"],
    ["(?:(?:(?:){9999}){9999}){9999}", "repeats too much"],
    ["a".repeat(4_097), "at most 4096 characters"],
  ])("refuses /%s/", (pattern, message) => {
    expect(() => compilePattern(pattern, { left: plenty })).toThrow(PatternError);
    expect(() => compilePattern(pattern, { left: plenty })).toThrow(message);
  });
});
