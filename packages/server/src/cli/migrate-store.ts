import { Command } from "commander";
import { readConfig } from "../app/config.ts";
import { migrateStore } from "../app/migrate-store.ts";

const help = `
Stop the server first. The move can be interrupted: the same command goes on where it ended. All rows
are compared at the end. The source stays as it is, as a copy that no server starts on.

Then start every process with POSTHORN_STORE=postgres://… and with the same master key: that of
POSTHORN_MASTER_KEY, or a copy of master.key in each data folder.

The password in --to is seen by whoever lists processes: leave --to out, and POSTHORN_STORE is taken.

  posthorn migrate-store --from sqlite:./data --to postgres://user:password@host/database`;

export function migrateStoreCommand(): Command {
  return new Command("migrate-store")
    .description("Move the embedded store of a data folder into an empty Postgres database.")
    .option("--from <store>", "sqlite:FOLDER, the data folder (default: that of POSTHORN_DATA_DIR)")
    .option("--to <url>", "postgres://… (default: POSTHORN_STORE)")
    .addHelpText("after", help)
    .action(async (options: { readonly from?: string; readonly to?: string }) => {
      const config = readConfig({
        ...process.env,
        ...(options.to === undefined ? {} : { POSTHORN_STORE: options.to }),
      });
      if (config.store === "sqlite") {
        throw new Error("where to? Name the database: --to postgres://user:password@host/database");
      }
      const dataDir = options.from === undefined ? config.dataDir : folderOf(options.from);
      const { before, rows } = await migrateStore({
        dataDir,
        url: config.store,
        masterKey: config.masterKey,
        say: (line) => console.error(line),
      });
      console.log(before ? alreadyMoved : `Moved ${rows.toLocaleString("en-US")} rows. ${next}`);
    });
}

const next =
  "Start with POSTHORN_STORE set to the database, and with the same master key in every process " +
  "(POSTHORN_MASTER_KEY, or master.key in each data folder).";
const alreadyMoved = `This store was moved into the database before. ${next}`;

function folderOf(from: string): string {
  const folder = /^sqlite:(.+)$/.exec(from)?.[1];
  if (folder === undefined) {
    throw new Error("--from takes sqlite:FOLDER, the data folder of the embedded store");
  }
  return folder;
}
