import { Command } from "commander";
import { version } from "../app/version.ts";
import { backupCommand } from "./backup.ts";
import { configCommand } from "./config.ts";
import { keyCommand } from "./key.ts";
import { migrateStoreCommand } from "./migrate-store.ts";
import { restoreCommand } from "./restore.ts";
import { serveCommand } from "./serve.ts";
import { workersCommand } from "./workers.ts";

const program = new Command("posthorn")
  .description("A complete webhook system: send, receive and understand webhooks.")
  .version(version)
  .showHelpAfterError("(posthorn --help shows what there is)")
  .addCommand(serveCommand())
  .addCommand(configCommand())
  .addCommand(keyCommand())
  .addCommand(workersCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(migrateStoreCommand());

try {
  await program.parseAsync();
} catch (error) {
  // One readable line for people; the stack is for POSTHORN_LOG_LEVEL=debug.
  console.error(describe(error));
  process.exitCode = 1;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (process.env["POSTHORN_LOG_LEVEL"] === "debug") return error.stack ?? error.message;
  const root = rootCause(error);
  return root === error ? error.message : `${error.message} (${root.message})`;
}

/** What came first says most: "connect ECONNREFUSED" rather than "fetch failed". */
function rootCause(error: Error): Error {
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}
