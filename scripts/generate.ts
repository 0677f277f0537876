/**
 * Writes what is derived from the sources: docs/openapi.json, docs/configuration.md,
 * docs/reasons.md, the client's types and the pages. `--check` writes nothing and fails on a difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configurationPage } from "./configuration-page.ts";
import { reasonsPage } from "./reasons-page.ts";
import { pagesSource } from "../packages/dashboard/scripts/build-pages.ts";
import { openApiText } from "./openapi-text.ts";
import { clientTypes } from "../packages/client/scripts/generate-types.ts";

const check = process.argv.includes("--check");
const openApi = await openApiText();
const files: Readonly<Record<string, string>> = {
  "docs/configuration.md": configurationPage(),
  "docs/reasons.md": reasonsPage(),
  "packages/server/src/api/pages.gen.ts": await pagesSource(),
  "docs/openapi.json": openApi,
  "packages/client/src/schema.gen.ts": await clientTypes(openApi),
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  if (readOrEmpty(path) === text) continue;
  stale += 1;
  if (!check) writeFileSync(path, text);
  console.log(check ? `${name} is stale: run npm run generate` : `wrote ${name}`);
}
console.log(`${Object.keys(files).length} generated files looked at, ${stale} differed`);
if (check && stale > 0) process.exitCode = 1;

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // It is not there yet, so it differs.
  }
}
