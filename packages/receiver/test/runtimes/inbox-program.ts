import { createReceiver, sign, sqliteInbox, standardWebhooks } from "@posthorn/receiver";
import type { SqliteDatabase } from "@posthorn/receiver";
import { toFetch } from "@posthorn/receiver/fetch";
import { argv } from "node:process";

/**
 * `<runtime> inbox-program.mjs <driver> <database> receive|handle`: takes 20 events twice each, or handles what an
 * earlier process took; the handler of each third fails at first. Prints what the inbox counts and what was handled.
 */
const [, , driver = "", path = "", step = ""] = argv;
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function open(): Promise<SqliteDatabase> {
  if (driver === "bun:sqlite") {
    const { Database } = await import("bun:sqlite");
    return new Database(path);
  }
  const { DatabaseSync } = await import("node:sqlite");
  return new DatabaseSync(path);
}

const handled: string[] = [];
const receiver = createReceiver({
  scheme: standardWebhooks,
  secrets: secret,
  inbox: sqliteInbox(await open()),
  background: step === "handle",
  pollMs: 5,
  retry: { firstDelayMs: 1, maxDelayMs: 1 },
  onNotice: () => undefined,
  on: {
    "invoice.paid": ({ id, attempt, body }) => {
      if (attempt === 1 && Number(id.slice(4)) % 3 === 0) throw new Error("at first");
      handled.push(`${id} in run ${attempt}: ${new TextDecoder().decode(body)}`);
    },
  },
});

async function receive(): Promise<readonly number[]> {
  const door = toFetch(receiver);
  const statuses: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const id = `msg_${index % 20}`;
    const body = `{"type":"invoice.paid","name":"Žofie 🦊","id": "${id}"}`;
    const { headers } = await sign(standardWebhooks, { id, body }, secret);
    const request = new Request("https://example.com/", { method: "POST", headers, body });
    statuses.push((await door(request)).status);
  }
  return statuses;
}

async function handle(): Promise<void> {
  while ((await receiver.counts()).open > 0) await new Promise((done) => setTimeout(done, 5));
  await receiver.stop();
}

const statuses = step === "receive" ? await receive() : await handle();
console.log(JSON.stringify({ statuses, counts: await receiver.counts(), handled: handled.sort() }));
