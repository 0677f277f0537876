/** The bare loop's delivery: signs and sends what was committed, tells outcomes in batches. */
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { OutcomeRow } from "./ceiling-store.ts";
import { openPoster } from "./post.ts";

export type DeliveryBatch = readonly { readonly id: number; readonly body: Uint8Array }[];

interface Waiting {
  readonly id: number;
  readonly body: Uint8Array;
  readonly endpoint: number;
}

// More at once is slower: it is the work that is bounded here, not the waiting for answers.
const inFlight = 64;

const port = parentPort;
if (port === null) throw new Error("bare-loop-delivery is a worker's entry");
const urls: readonly string[] = workerData;
const posters = urls.map((url) => openPoster(url, inFlight));
const key = createSecretKey(randomBytes(24));
const waiting: Waiting[] = [];
let next = 0;
let underWay = 0;
let outcomes: OutcomeRow[] = [];

port.on("message", (batch: DeliveryBatch) => {
  for (const { body, id } of batch) {
    for (const endpoint of urls.keys()) waiting.push({ id, body, endpoint });
  }
  pump();
});

function pump(): void {
  while (underWay < inFlight && next < waiting.length) {
    const one = waiting[next];
    next += 1;
    if (one !== undefined) send(one);
  }
  if (next < waiting.length) return;
  waiting.length = 0;
  next = 0;
}

function send({ body, endpoint, id }: Waiting): void {
  underWay += 1;
  const startedAt = Date.now();
  const seconds = Math.floor(startedAt / 1000);
  const hmac = createHmac("sha256", key).update(`msg_${id}.${seconds}.`).update(body);
  const headers = {
    "user-agent": "bare-loop",
    "content-type": "application/json",
    "webhook-id": `msg_${id}`,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${hmac.digest("base64")}`,
  };
  posters[endpoint]?.post(headers, body, (status) => {
    underWay -= 1;
    if (outcomes.length === 0) setImmediate(tell);
    outcomes.push({ message: id, endpoint, startedAt, status });
    pump();
  });
}

function tell(): void {
  const batch = outcomes;
  outcomes = [];
  port?.postMessage(batch);
}
