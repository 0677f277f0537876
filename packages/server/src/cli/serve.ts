import { Command } from "commander";
import { readConfig } from "../app/config.ts";
import { serve } from "../app/lifecycle.ts";

export function serveCommand(): Command {
  return new Command("serve")
    .description("Run the server until it is told to stop (SIGINT or SIGTERM).")
    .option("--dev", "development mode: endpoints on this machine (loopback) may be called")
    .addHelpText("after", "\nSettings come from POSTHORN_* variables; see `posthorn config`.")
    .action(async (options: { dev?: boolean }) => {
      await serve(readConfig(process.env), { dev: options.dev ?? false });
    });
}
