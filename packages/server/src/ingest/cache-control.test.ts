import { expect, test } from "vitest";
import { keepMsOf } from "./cache-control.ts";

test.each([
  [[], 3600],
  [["cache-control: max-age=600"], 600],
  [["cache-control: public, Max-Age=600"], 600],
  [["cache-control: public", "cache-control: max-age=600"], 600],
  [["cache-control: max-age=600", "age: 200"], 400],
  [["cache-control: max-age=600", "age: 700"], 60],
  [["cache-control: max-age=600", "age: soon"], 600],
  [["cache-control: max-age=99999999"], 21_600],
  [["cache-control: max-age=0, no-cache, no-store, must-revalidate"], 60],
  [["cache-control: max-age=5"], 60],
  [["cache-control: no-store"], 60],
  [["cache-control: max-age=-1"], 3600],
  [["cache-control: max-age=99999999999999"], 3600],
])("%j is kept for %i s", (lines, seconds) => {
  const headers = lines.map((line): readonly [string, string] => {
    const [name = "", value = ""] = line.split(": ");
    return [name, value];
  });
  expect(keepMsOf(headers)).toBe(seconds * 1000);
});
