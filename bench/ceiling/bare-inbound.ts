/** The ceiling of an inbound gate on Node: HTTP in, group commit, the answer. No check, no delivery. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Place } from "../load/place.ts";
import { serveCommands } from "../load/serve-commands.ts";
import type { AcceptedRow, CeilingStore } from "./ceiling-store.ts";
import { openCeilingStore } from "./open-ceiling-store.ts";

export interface BareInboundCommands {
  /** Resolves with the URL to send to. */
  start(place: Place): Promise<string>;
  rest(): Promise<void>;
}

interface Asked extends AcceptedRow {
  readonly response: ServerResponse;
}

let store: CeilingStore;
let accepted: Asked[] = [];
let running = false;
let lastId = 0;

serveCommands<BareInboundCommands>({
  async start(place) {
    store = await openCeilingStore(place);
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
    lastId += 1;
    const body = Buffer.concat(chunks);
    accepted.push({ id: lastId, eventType: "push", body, deliveries: 1, response });
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
    await store.commit(asked, []);
    for (const { response } of asked) {
      response.writeHead(200, { "content-length": 0 });
      response.end();
    }
    // What came in meanwhile is read before the next one.
    await new Promise((resolve) => setImmediate(resolve));
  }
  running = false;
}
