import { Command } from "commander";
import { client, whereHelp } from "./client.ts";

export function keyCommand(): Command {
  return new Command("key")
    .description("Create, list and revoke API keys.")
    .addHelpText("after", whereHelp)
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  return new Command("create")
    .description("Make a key and print its token, once.")
    .argument("<name>", "what it is for")
    .option(
      "--app <id or uid>",
      "a key that may use this one application; without it, an admin key",
    )
    .addHelpText("after", whereHelp)
    .action(async (name: string, options: { app?: string }) => {
      const made = await client().request("post", "/api/v1/api-key", {
        body: options.app === undefined ? { name } : { name, application: options.app },
      });
      console.log(made.token);
      console.error(`${made.id} was made; the token above is not shown again.`);
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("List the keys, without their tokens.")
    .addHelpText("after", whereHelp)
    .action(async () => {
      const api = client();
      let iterator: string | undefined;
      do {
        const page = await api.request("get", "/api/v1/api-key", {
          query: iterator === undefined ? { limit: 250 } : { limit: 250, iterator },
        });
        for (const key of page.data) {
          const state = key.revokedAt ? `revoked ${key.revokedAt}` : "in force";
          console.log(
            [key.id, key.applicationId ?? "admin", key.createdAt, state, key.name].join("\t"),
          );
        }
        iterator = page.done ? undefined : (page.iterator ?? undefined);
      } while (iterator !== undefined);
    });
}

function revokeCommand(): Command {
  return new Command("revoke")
    .description("End a key at once.")
    .argument("<id>", "the key's id, key_…")
    .addHelpText("after", whereHelp)
    .action(async (id: string) => {
      await client().request("delete", "/api/v1/api-key/{key_id}", { path: { key_id: id } });
      console.log(`${id} is revoked.`);
    });
}
