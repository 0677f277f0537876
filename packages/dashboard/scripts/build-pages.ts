import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const source = (name: string): string => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

/**
 * packages/server/src/api/pages.gen.ts: each page's script and style as one text, so that the
 * server can serve them without a file beside it, under a policy that names their hashes.
 */
export async function pagesSource(): Promise<string> {
  const script = await bundle(source("pages/reference.ts"));
  const style = readFileSync(source("pages/reference.css"), "utf8");
  return [
    "// Generated from packages/dashboard by npm run generate.",
    `export const referenceScript: string = ${JSON.stringify(script)};`,
    `export const referenceStyle: string = ${JSON.stringify(style)};`,
    "",
  ].join("\n");
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2023",
      modulePreload: false,
      lib: { entry, formats: ["es"], fileName: "page" },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error(`${entry} made no bundle`);
  return output.output[0].code;
}
