import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface Arrival {
  readonly path: string;
  readonly id: string;
  readonly type: string;
  readonly answered: number;
  readonly verified: boolean;
}

export interface Receiver {
  readonly url: string;
  /** The path is an endpoint's: its secret verifies what arrives there. */
  trust(path: string, secret: string): void;
  close(): Promise<void>;
}

interface Options {
  /** The first so many requests to `/recovering` are answered 503. */
  readonly failures: number;
  readonly onArrival: (arrival: Arrival) => void;
}

/** A consumer as it should be: verifies the raw bytes with the official library, then answers. */
export async function startReceiver(options: Options): Promise<Receiver> {
  const webhooks = new Map<string, Webhook>();
  let failuresLeft = options.failures;
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = request.url ?? "/";
      const verified = verifies(webhooks.get(path), body, request);
      const failing = path === "/recovering" && failuresLeft > 0;
      if (failing) failuresLeft -= 1;
      const answered = failing ? 503 : verified ? 204 : 401;
      response.writeHead(answered).end();
      options.onArrival({
        path,
        id: String(request.headers["webhook-id"]),
        type: String(request.headers["x-demo-event"] ?? ""),
        answered,
        verified,
      });
    });
  });
  const url = await listen(server);
  return {
    url,
    trust: (path, secret) => webhooks.set(path, new Webhook(secret)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function verifies(webhook: Webhook | undefined, body: string, request: IncomingMessage): boolean {
  try {
    webhook?.verify(body, {
      "webhook-id": String(request.headers["webhook-id"]),
      "webhook-timestamp": String(request.headers["webhook-timestamp"]),
      "webhook-signature": String(request.headers["webhook-signature"]),
    });
    return webhook !== undefined;
  } catch {
    return false; // The answer 401 says so, and the delivery's attempt keeps it.
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString("utf8");
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
