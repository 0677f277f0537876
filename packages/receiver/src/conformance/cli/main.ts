import { readFileSync } from "node:fs";
import { runCommand } from "./command.ts";

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
);

// A pipe that is closed early (`| head`) is no error of this program.
process.stdout.on("error", () => process.exit());

process.exitCode = await runCommand(process.argv.slice(2), {
  version: manifest.version,
  environment: process.env,
  isWatched: process.stderr.isTTY,
  write: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`posthorn-receiver: ${line}\n`),
  status: (text) => void process.stderr.write(`\r\u001B[2K${text}`),
});
