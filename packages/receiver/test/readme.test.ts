import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const example = fileURLToPath(new URL("readme-example.ts", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

function codeBlock(language: string): string | undefined {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)?.[1];
}

test("the README shows the example that this test runs", () => {
  expect(codeBlock("ts")).toBe(readFileSync(example, "utf8"));
});

test("the README's example prints what the README says", async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--conditions=@posthorn/source", example]);
  expect(stdout).toBe(codeBlock("text"));
});
