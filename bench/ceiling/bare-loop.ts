/**
 * The ceiling of a webhook server on Node: HTTP in, parse, group commit, sign, HTTP out, outcomes
 * in batches, and nothing else. Accepting and storing on this thread, delivery on another.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Worker } from "node:worker_threads";
import type { Place } from "../load/place.ts";
import { serveCommands } from "../load/serve-commands.ts";
import type { DeliveryBatch } from "./bare-loop-delivery.ts";
import type { AcceptedRow, CeilingStore, OutcomeRow } from "./ceiling-store.ts";
import { openCeilingStore } from "./open-ceiling-store.ts";

export interface BareLoopCommands {
  /** Resolves with the URL to publish to. */
  start(options: { readonly place: Place; readonly targets: readonly string[] }): Promise<string>;
  /** Resolves when all outcomes are recorded. */
  drain(): Promise<void>;
}

interface Asked extends AcceptedRow {
  readonly response: ServerResponse;
}

let store: CeilingStore;
let accepting: Committing;
/** The same as `accepting` where both share a commit. */
let settling: Committing;
let delivery: Worker;
let targets = 0;
let accepted: Asked[] = [];
let outcomes: OutcomeRow[] = [];
let lastId = 0;
let underWay = 0;

serveCommands<BareLoopCommands>({
  async start({ place, targets: urls }) {
    store = await openCeilingStore(place);
    targets = urls.length;
    const { apart } = store;
    accepting = new Committing(
      acceptAll,
      () => accepted.length === 0 && (apart || outcomes.length === 0),
    );
    settling = apart ? new Committing(settleAll, () => outcomes.length === 0) : accepting;
    delivery = new Worker(new URL("bare-loop-delivery.ts", import.meta.url), { workerData: urls });
    delivery.on("message", (batch: readonly OutcomeRow[]) => {
      for (const outcome of batch) outcomes.push(outcome);
      settling.soon();
    });
    const server = createServer(accept);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/messages`;
  },
  async drain() {
    while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    store.rest();
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
    accepting.soon();
  });
}

/** Group commit: one is under way, and what arrives meanwhile is the next. */
class Committing {
  readonly #commit: () => Promise<void>;
  readonly #isIdle: () => boolean;
  #running = false;

  constructor(commit: () => Promise<void>, isIdle: () => boolean) {
    this.#commit = commit;
    this.#isIdle = isIdle;
  }

  soon(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (!this.#isIdle()) {
      await this.#commit();
      // What came in meanwhile is read before the next one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#running = false;
  }
}

async function acceptAll(): Promise<void> {
  const asked = accepted;
  const ended = store.apart ? [] : takeOutcomes();
  accepted = [];
  await store.commit(asked, ended);
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

async function settleAll(): Promise<void> {
  const ended = takeOutcomes();
  await store.commit([], ended);
  underWay -= ended.length;
}

function takeOutcomes(): readonly OutcomeRow[] {
  const taken = outcomes;
  outcomes = [];
  return taken;
}
