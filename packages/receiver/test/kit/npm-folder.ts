import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/**
 * What a package.json and its lock beside it name, installed beside the dependencies: things that would be in each
 * other's way there, such as three Nodes. Nothing of them is run at the installation.
 */
export function npmFolder(name: string, manifests: URL): string {
  const cache = new URL("../../../../node_modules/.cache/", import.meta.url);
  const folder = fileURLToPath(new URL(name, cache));
  const lock = fileURLToPath(new URL("package-lock.json", manifests));
  // There when npm was through.
  const mark = join(folder, "installed.json");
  if (existsSync(mark) && readFileSync(mark).equals(readFileSync(lock))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    cpSync(fileURLToPath(new URL(file, manifests)), join(folder, file));
  }
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-workspaces"], {
    cwd: folder,
    env: { ...process.env, npm_config_local_prefix: undefined },
    stdio: "pipe",
  });
  cpSync(lock, mark);
  return folder;
}
