import { Command } from "commander";
import { backupDataFolder, refuseDatabase } from "../app/backup.ts";
import { readConfig } from "../app/config.ts";

export function backupCommand(): Command {
  return new Command("backup")
    .description("Copy the store into a new folder; the server may go on running.")
    .argument("<folder>", "where to; it must not exist yet")
    .addHelpText(
      "after",
      "\nThe master key is not copied: keep POSTHORN_MASTER_KEY (or master.key) in another place.",
    )
    .action(async (folder: string) => {
      const { dataDir, store } = readConfig(process.env);
      refuseDatabase(store);
      await backupDataFolder(dataDir, folder);
      console.log(`The store was copied to ${folder}. Keep the master key in another place.`);
    });
}
