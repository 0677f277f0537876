/**
 * The ceiling of an inbound gate on Node: HTTP in, a group commit of what a request leaves, the answer. No
 * check, no delivery.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Place } from "../load/place.ts";
import { serveCommands } from "../load/serve-commands.ts";
import type { InboundRow, InboundStore } from "./inbound-store.ts";
import { openInboundStore } from "./open-inbound-store.ts";

export interface BareInboundCommands {
  /** Resolves with the URL to send to. */
  start(place: Place): Promise<string>;
  rest(): Promise<void>;
}

interface Asked extends InboundRow {
  readonly response: ServerResponse;
}

let store: InboundStore;
let accepted: Asked[] = [];
let running = false;
let lastId = 0;

serveCommands<BareInboundCommands>({
  async start(place) {
    store = await openInboundStore(place);
    const server = createServer(accept);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/in`;
  },
  async rest() {
    store.rest();
  },
});

function accept(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { headers } = request;
    lastId += 3;
    accepted.push({
      id: lastId,
      message: lastId + 1,
      delivery: lastId + 2,
      receivedAt: Date.now(),
      eventId: String(headers["x-github-delivery"]),
      eventType: String(headers["x-github-event"]),
      contentType: headers["content-type"] ?? "",
      headers: JSON.stringify(headers),
      body: Buffer.concat(chunks),
      response,
    });
    if (running) return;
    running = true;
    setImmediate(() => void commitAll());
  });
}

/** Group commit: one is under way, and what arrives meanwhile is the next. */
async function commitAll(): Promise<void> {
  while (accepted.length > 0) {
    const asked = accepted;
    accepted = [];
    await store.commit(asked);
    for (const { response } of asked) {
      response.writeHead(200, { "content-length": 0 });
      response.end();
    }
    // What came in meanwhile is read before the next one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  running = false;
}
