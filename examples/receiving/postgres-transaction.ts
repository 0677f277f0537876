/**
 * An inbox in the application's own Postgres: what a handler writes commits together with the event being done, so
 * that a payment is booked once however often the process ends in between.
 * DATABASE_URL=postgres://… WEBHOOK_SECRET=whsec_… node postgres-transaction.ts
 */
import { createReceiver, postgresInbox, standardWebhooks } from "@posthorn/receiver";
import { toNode } from "@posthorn/receiver/node";
import { createServer } from "node:http";
import pg from "pg";

const { DATABASE_URL, WEBHOOK_SECRET, PORT = "3000" } = process.env;
if (WEBHOOK_SECRET === undefined) throw new Error("Set WEBHOOK_SECRET.");

const pool = new pg.Pool({ connectionString: DATABASE_URL });
await pool.query("create table if not exists payments (invoice text, cents bigint)");

const receiver = createReceiver({
  scheme: standardWebhooks,
  secrets: WEBHOOK_SECRET,
  inbox: postgresInbox(pool, { transactional: true }),
  on: {
    "invoice.paid": async ({ id, data }, { transaction }) => {
      const { invoice, cents } = paymentOf(data);
      await transaction.query("insert into payments values ($1, $2)", [invoice, cents]);
      console.log(`booked ${invoice} for ${id}`);
    },
  },
});

function paymentOf(event: unknown): { readonly invoice: string; readonly cents: number } {
  if (typeof event === "object" && event !== null && "invoice" in event && "cents" in event) {
    return { invoice: String(event.invoice), cents: Number(event.cents) };
  }
  // To be tried again is of no use: it becomes a dead letter, which receiver.list("dead") shows.
  throw Object.assign(new Error("The event has no invoice and no cents."), { retry: false });
}

const door = toNode(receiver);
const server = createServer((request, response) => void door(request, response));
server.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
async function stop(): Promise<void> {
  server.close();
  await receiver.stop();
  await pool.end();
}
process.once("SIGTERM", () => void stop());
