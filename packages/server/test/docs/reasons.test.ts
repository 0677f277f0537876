import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deliveryStates, options, reasons, requestOutcomes } from "../../src/domain/reasons.ts";

const page = readFileSync(new URL("../../../../docs/reasons.md", import.meta.url), "utf8");

/** The rows `| `code` | text | options |` of each section, by its title. */
function rowsOf(title: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`docs/reasons.md has no section ${title}`);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
}

describe("docs/reasons.md", () => {
  for (const state of [...deliveryStates, ...requestOutcomes]) {
    test(`has the reasons of ${state}, no other, with their sentences and options`, () => {
      const known = Object.entries(reasons)
        .filter(([, entry]) => entry.state === state)
        .map(([code, entry]) => [code, entry.sentence, entry.options.join(" ")]);
      expect(rowsOf(state)).toEqual(known);
    });
  }

  test("has every option with its text, and no other", () => {
    const known = Object.entries(options).map(([code, text]) => [code, text.replaceAll("`", "")]);
    expect(rowsOf("Options")).toEqual(known);
  });

  test("has no section beside these", () => {
    const titles = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(titles).toEqual([
      ...deliveryStates,
      "Requests at sources",
      ...requestOutcomes,
      "Options",
    ]);
  });
});
