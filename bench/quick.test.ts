import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { storeKinds, type StoreKind } from "./load/place.ts";
import { replaceSections } from "./report.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** How many scenarios each store has. */
const scenarios: Readonly<Record<StoreKind, number>> = { sqlite: 8, postgres: 12 };

test.each(storeKinds)(
  "every scenario runs on %s, and loses, doubles and leaves out nothing",
  { timeout: 600_000 },
  async (store) => {
    const { code, output } = await bench("--quick", "--store", store);
    const count = scenarios[store];
    expect(output).not.toContain("NaN");
    expect(output.match(/^## /gm)).toHaveLength(count);
    expect(output.match(/lost 0, duplicates 0, confused ids 0, refused 0/g)).toHaveLength(count);
    expect(code).toBe(0);
  },
);

test("a report keeps the sections of scenarios that did not run again", () => {
  const before = "# Results\n\nhead\n\n## One\n\n1\n\n## Two\n\n2\n";
  const again = replaceSections(before, "# Results\n\nother\n\n## Two\n\n3\n\n## Three\n\n4\n");
  expect(again).toBe("# Results\n\nhead\n\n## One\n\n1\n\n## Two\n\n3\n\n## Three\n\n4");
});

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
