/**
 * Express with Stripe's webhooks, each remembered in a file before Stripe is answered:
 * STRIPE_WEBHOOK_SECRET=whsec_… node express-stripe.ts
 */
import { createReceiver, sqliteInbox, stripe } from "@posthorn/receiver";
import { toExpress } from "@posthorn/receiver/express";
import express from "express";
import { DatabaseSync } from "node:sqlite";

const { STRIPE_WEBHOOK_SECRET, INBOX = "inbox.db", PORT = "3000" } = process.env;
if (STRIPE_WEBHOOK_SECRET === undefined) throw new Error("Set STRIPE_WEBHOOK_SECRET.");

const receiver = createReceiver({
  scheme: stripe,
  secrets: STRIPE_WEBHOOK_SECRET,
  inbox: sqliteInbox(new DatabaseSync(INBOX)),
  on: {
    "checkout.session.completed": async ({ id, data }) => {
      console.log(`fulfil the order of ${id}: ${JSON.stringify(data)}`);
    },
  },
});

const app = express();
// Before express.json(), which would take the bytes that the signature covers.
app.post("/webhooks/stripe", toExpress(receiver));
app.use(express.json());

const server = app.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));
async function stop(): Promise<void> {
  server.close();
  await receiver.stop();
}
process.once("SIGTERM", () => void stop());
