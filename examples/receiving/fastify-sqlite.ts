/**
 * Fastify with GitHub's webhooks and an inbox in SQLite; the pushes to a branch are handled in their order:
 * GITHUB_WEBHOOK_SECRET=… node fastify-sqlite.ts
 */
import { createReceiver, github, sqliteInbox } from "@posthorn/receiver";
import { toFastify } from "@posthorn/receiver/fastify";
import fastify from "fastify";
import { DatabaseSync } from "node:sqlite";

const { GITHUB_WEBHOOK_SECRET, INBOX = "inbox.db", PORT = "3000" } = process.env;
if (GITHUB_WEBHOOK_SECRET === undefined) throw new Error("Set GITHUB_WEBHOOK_SECRET.");

const receiver = createReceiver({
  scheme: github,
  secrets: GITHUB_WEBHOOK_SECRET,
  inbox: sqliteInbox(new DatabaseSync(INBOX)),
  orderBy: ({ data }) => branchOf(data),
  on: {
    push: async ({ id, data }) => {
      console.log(`build ${branchOf(data)} for ${id}`);
    },
  },
});

function branchOf(data: unknown): string | undefined {
  const known = typeof data === "object" && data !== null && "ref" in data;
  return known ? String(data.ref) : undefined;
}

const app = fastify();
await app.register(toFastify(receiver), { prefix: "/webhooks/github" });
await app.listen({ port: Number(PORT), host: "127.0.0.1" });
console.log("listening");
async function stop(): Promise<void> {
  await app.close();
  await receiver.stop();
}
process.once("SIGTERM", () => void stop());
