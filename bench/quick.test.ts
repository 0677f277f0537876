import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

test(
  "every scenario runs, and loses, doubles and leaves out nothing",
  { timeout: 120_000 },
  async () => {
    const { code, output } = await bench("--quick");
    expect(output).not.toContain("NaN");
    expect(output.match(/^## /gm)).toHaveLength(6);
    expect(output.match(/lost 0, duplicates 0, confused ids 0, refused 0/g)).toHaveLength(6);
    expect(code).toBe(0);
  },
);

test("an option that does not exist is refused with exit code 2", async () => {
  expect((await bench("--only", "nothing")).code).toBe(2);
});

function bench(
  ...options: readonly string[]
): Promise<{ readonly code: unknown; readonly output: string }> {
  const args = ["--conditions=@posthorn/source", main, ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    );
  });
}
