import { Command } from "commander";
import { describeConfig, readConfig } from "../app/config.ts";

export function configCommand(): Command {
  return new Command("config")
    .description("Print the settings in force and where each comes from; secrets are masked.")
    .action(() => {
      console.log(describeConfig(readConfig(process.env)));
    });
}
