import { createReceiver, sign, sqliteInbox, standardWebhooks } from "@posthorn/receiver";
import { toNode } from "@posthorn/receiver/node";
import { once } from "node:events";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const receiver = createReceiver({
  scheme: standardWebhooks,
  secrets: secret,
  inbox: sqliteInbox(new DatabaseSync(":memory:")), // Name a file, to keep what was answered.
  on: {
    "invoice.paid": async (event) => {
      console.log(`${event.id}: ${JSON.stringify(event.data)}`);
    },
  },
});
const door = toNode(receiver);
const server = createServer((request, response) => void door(request, response)).listen(
  0,
  "127.0.0.1",
);
await once(server, "listening");

// A provider that sends the same event twice:
const address = server.address();
const port = typeof address === "object" ? address?.port : undefined;
const body = JSON.stringify({ type: "invoice.paid", amount: 4900 });
const { headers } = await sign(standardWebhooks, { id: "msg_1", body }, secret);
const send = () => fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body });
const statuses = [(await send()).status, (await send()).status];
await receiver.drain();
await receiver.stop();
console.log(`answered ${statuses.join(" and ")}`);
console.log(await receiver.counts());
server.close();
server.closeAllConnections();
