import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const name = "@posthorn/receiver";

/** A folder in which the package is installed as it is published: compiled, found through its `exports`. */
export function installPublished(folder: string): void {
  const into = join(folder, "node_modules", name);
  mkdirSync(into, { recursive: true });
  const options = ["--composite", "false", "--outDir", join(into, "dist")];
  const compiler = fileURLToPath(
    new URL("../../../../node_modules/typescript/bin/tsc", import.meta.url),
  );
  execFileSync(process.execPath, [compiler, "-p", packageFolder, ...options], { stdio: "pipe" });
  cpSync(join(packageFolder, "package.json"), join(into, "package.json"));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
}

/** A program of the tests as JavaScript, which imports the package from the folder's node_modules. */
export async function compileProgram(folder: string, program: URL): Promise<string> {
  return bundle(program, { external: [/^@posthorn\//, /^(node|bun):/] }, folder);
}

/** The same with the package in it, for runtimes that have no node_modules. */
export async function bundleProgram(folder: string, program: URL): Promise<string> {
  const compiled = join(folder, "node_modules", name, "dist");
  const alias = {
    [`${name}/cloudflare-workers`]: join(compiled, "doors/cloudflare-workers.js"),
    [`${name}/schemes`]: join(compiled, "schemes/index.js"),
    [name]: join(compiled, "index.js"),
  };
  return bundle(program, { resolve: { alias } }, folder);
}

async function bundle(
  program: URL,
  options: Parameters<typeof rolldown>[0],
  folder: string,
): Promise<string> {
  const input = fileURLToPath(program);
  const built = await rolldown({ ...options, input });
  const file = join(folder, `${program.pathname.split("/").at(-1)?.replace(/\.ts$/, "")}.mjs`);
  await built.write({ file, format: "esm" });
  await built.close();
  return file;
}
