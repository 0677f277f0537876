import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const example = fileURLToPath(new URL("receiving-example.ts", import.meta.url));
const page = readFileSync(new URL("../../../docs/receiving.md", import.meta.url), "utf8");

function codeBlock(language: string): string | undefined {
  return new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1];
}

test("the page on receiving shows the example that this test runs", () => {
  expect(codeBlock("ts")).toBe(readFileSync(example, "utf8"));
});

test("the example prints what the page says", async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--conditions=@posthorn/source", example]);
  expect(stdout).toBe(codeBlock("text"));
}, 60_000);
