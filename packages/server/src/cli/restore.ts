import { Command } from "commander";
import { refuseDatabase, restoreDataFolder } from "../app/backup.ts";
import { readConfig } from "../app/config.ts";

export function restoreCommand(): Command {
  return new Command("restore")
    .description("Put a backup into the data folder, which must hold no store.")
    .argument("<folder>", "a folder made by `posthorn backup`")
    .action((folder: string) => {
      const { dataDir, store } = readConfig(process.env);
      refuseDatabase(store);
      restoreDataFolder(folder, dataDir);
      console.log(
        `The backup was checked and put into ${dataDir}. ` +
          "Start with the master key that it was made under (POSTHORN_MASTER_KEY, or master.key in the folder).",
      );
    });
}
