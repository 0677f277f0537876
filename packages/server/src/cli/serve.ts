import { Command } from "commander";
import { readConfig } from "../app/config.ts";
import { serve } from "../app/lifecycle.ts";

interface ServeOptions {
  readonly dev?: boolean;
  readonly roles?: string;
  readonly processes?: string;
}

export function serveCommand(): Command {
  return new Command("serve")
    .description("Run the server until it is told to stop (SIGINT or SIGTERM).")
    .option("--dev", "development mode: endpoints on this machine (loopback) may be called")
    .option("--roles <roles>", "api, worker, or both (default: POSTHORN_ROLES, else api,worker)")
    .option("--processes <number>", "so many of them, or max (default: POSTHORN_PROCESSES, else 1)")
    .addHelpText("after", "\nSettings come from POSTHORN_* variables; see `posthorn config`.")
    .action(async (options: ServeOptions) => {
      const config = readConfig({
        ...process.env,
        ...(options.roles === undefined ? {} : { POSTHORN_ROLES: options.roles }),
        ...(options.processes === undefined ? {} : { POSTHORN_PROCESSES: options.processes }),
      });
      await serve(config, { dev: options.dev ?? false });
    });
}
