import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluateFilter } from "../../src/domain/filter/evaluate-filter.ts";
import { comparisons } from "../../src/domain/filter/filter.ts";
import { parseFilter } from "../../src/domain/filter/parse-filter.ts";

function judge(text: string, payload: unknown): boolean {
  const result = parseFilter(text);
  if (result.kind === "invalid") throw new Error(`${text}: ${result.position} ${result.message}`);
  return evaluateFilter(result.filter, payload);
}

describe("docs/filters.md", () => {
  const page = readFileSync(new URL("../../../../docs/filters.md", import.meta.url), "utf8");
  const [, json] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const example: unknown = JSON.parse(json ?? "missing");
  const rows = [...page.matchAll(/^\| `([^`]*)` +\| (true|false) +\|/gm)];
  const mistakes = [...page.matchAll(/^\| `([^`]*)` +\| (\d+) +\| (.*?) +\|$/gm)];
  const programs = [...page.matchAll(/```filter\n([\s\S]*?)```/g)];

  test("shows examples", () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(mistakes.length).toBeGreaterThan(2);
    expect(programs.length).toBeGreaterThan(0);
  });

  test.each(rows.map(([, text, expected]) => [text ?? "", expected]))(
    "%s is %s",
    (text, expected) => {
      expect(String(judge(text, example))).toBe(expected);
    },
  );

  test.each(
    mistakes.map(([, text, position, message]) => ({ text: text ?? "", position, message })),
  )("$text fails at $position", ({ text, position, message }) => {
    expect(parseFilter(text)).toEqual({ kind: "invalid", position: Number(position), message });
  });

  test.each(programs.map(([, text]) => text ?? ""))("matches the example: %s", (text) => {
    expect(judge(text, example)).toBe(true);
  });

  test("every operator is shown", () => {
    for (const operator of [...comparisons, "in", "exists", "and", "or", "not"]) {
      expect(rows.some(([, text]) => text?.includes(operator))).toBe(true);
    }
  });
});
