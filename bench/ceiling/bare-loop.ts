/**
 * The ceiling of a webhook server on Node: HTTP in, parse, group commit, sign, HTTP out, outcomes
 * in batches, and nothing else. Accepting and storing on this thread, delivery on another.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { serveCommands } from "../load/serve-commands.ts";
import type { DeliveryBatch } from "./bare-loop-delivery.ts";
import { CeilingStore, type AcceptedRow, type OutcomeRow } from "./ceiling-store.ts";

export interface BareLoopCommands {
  /** Resolves with the URL to publish to. */
  start(options: { readonly folder: string; readonly targets: readonly string[] }): Promise<string>;
  /** Resolves when all outcomes are recorded. */
  drain(): Promise<void>;
}

interface Asked extends AcceptedRow {
  readonly response: ServerResponse;
}

let store: CeilingStore;
let delivery: Worker;
let targets = 0;
let accepted: Asked[] = [];
let outcomes: OutcomeRow[] = [];
let isSoon = false;
let lastId = 0;
let underWay = 0;

serveCommands<BareLoopCommands>({
  async start({ folder, targets: urls }) {
    store = new CeilingStore(join(folder, "ceiling.db"));
    targets = urls.length;
    delivery = new Worker(new URL("bare-loop-delivery.ts", import.meta.url), { workerData: urls });
    delivery.on("message", (batch: readonly OutcomeRow[]) => {
      for (const outcome of batch) outcomes.push(outcome);
      soon();
    });
    const server = createServer(accept);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/messages`;
  },
  async drain() {
    while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    store.checkpoint();
  },
});

function accept(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const text = (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? "";
    const parsed: { readonly eventType: string; readonly payload: unknown } = JSON.parse(text);
    const body = Buffer.from(JSON.stringify(parsed.payload));
    lastId += 1;
    accepted.push({ id: lastId, eventType: parsed.eventType, body, deliveries: targets, response });
    soon();
  });
}

function soon(): void {
  if (isSoon) return;
  isSoon = true;
  setImmediate(commit);
}

function commit(): void {
  isSoon = false;
  const asked = accepted;
  const ended = outcomes;
  accepted = [];
  outcomes = [];
  store.commit(asked, ended);
  underWay += asked.length * targets - ended.length;
  if (asked.length > 0) {
    const batch: DeliveryBatch = asked.map(({ body, id }) => ({ id, body }));
    delivery.postMessage(batch);
  }
  for (const { id, response } of asked) {
    const text = `{"id":"msg_${id}"}`;
    response.writeHead(202, { "content-type": "application/json", "content-length": text.length });
    response.end(text);
  }
}
