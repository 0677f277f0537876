import { appendFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { createReceiver, sqliteInbox, standardWebhooks } from "../../src/index.ts";

/** A process that handles the events of an inbox: `node crashing-worker.ts <database> <log> <secret>`. */
const [, , path = "", log = "", secret = ""] = process.argv;

createReceiver({
  scheme: standardWebhooks,
  secrets: secret,
  inbox: sqliteInbox(new DatabaseSync(path)),
  leaseMs: 200,
  pollMs: 10,
  concurrency: 4,
  on: {
    "*": async ({ id, attempt }) => {
      appendFileSync(log, `begin ${id} ${attempt}\n`);
      await new Promise((resolve) => setTimeout(resolve, 15));
      appendFileSync(log, `end ${id} ${attempt}\n`);
    },
  },
  onNotice: (notice) => {
    if (notice.kind === "handled") appendFileSync(log, `handled ${notice.id} ${notice.attempt}\n`);
  },
});
process.stdout.write("ready\n");
setInterval(() => undefined, 1000);
