import { appendFileSync } from "node:fs";
import { createReceiver, standardWebhooks } from "../../src/index.ts";
import { isInboxKind, openInbox } from "./open-inbox.ts";

/** A process that handles the events of an inbox: `node crashing-worker.ts <kind> <where> <log> <secret>`. */
const [, , kind = "", where = "", log = "", secret = ""] = process.argv;
if (!isInboxKind(kind)) throw new Error(`no inbox ${kind}`);
const { inbox } = await openInbox(kind, where);

createReceiver({
  scheme: standardWebhooks,
  secrets: secret,
  inbox,
  leaseMs: 300,
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
