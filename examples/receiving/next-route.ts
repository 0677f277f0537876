/**
 * A route handler of Next: as app/webhooks/route.ts, in an application that runs as a server (`next start`). Where each
 * request is a function of its own, set `background: false` and call `receiver.drain()` from a cron route.
 */
import { createReceiver, slack, sqliteInbox } from "@posthorn/receiver";
import { toNext } from "@posthorn/receiver/next";
import { DatabaseSync } from "node:sqlite";

const { SLACK_SIGNING_SECRET = "", INBOX = "inbox.db" } = process.env;

const receiver = createReceiver({
  scheme: slack,
  secrets: SLACK_SIGNING_SECRET,
  inbox: sqliteInbox(new DatabaseSync(INBOX)),
  on: {
    app_mention: async ({ id }) => {
      console.log(`answer the mention of ${id}`);
    },
  },
});

// Slack's question whether this address wants its events is answered, too.
export const { GET, POST } = toNext(receiver);
