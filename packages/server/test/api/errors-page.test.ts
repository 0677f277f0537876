import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { problems } from "../../src/api/problems.ts";

test("docs/errors.md has every code with its status and meaning, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
  const rows = page.matchAll(/^\| `(\w+)` *\| (\d+) *\| ([^|]+) \| ([^|]+) \|$/gm);
  const written = Array.from(rows, ([, code, status, title, help]) => {
    expect(help?.trim()).not.toBe("");
    return [code, [Number(status), title?.trim()]];
  });
  expect(Object.fromEntries(written)).toEqual(problems);
  expect(written).toHaveLength(Object.keys(problems).length);
});
