/**
 * Receivers for tests: one that records what it gets and answers as told, and every way to
 * misbehave. They speak HTTP/1.1 over bare sockets, so that what is recorded is what came in,
 * byte for byte, and what goes out can be wrong.
 */
import { type Server, type Socket, connect, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { until } from "./until.ts";

export interface RecordedRequest {
  /** Everything as received: request line, headers, blank line, body. */
  readonly raw: Buffer;
  readonly method: string;
  /** The request's target as sent: path and query. */
  readonly target: string;
  /** Names in lower case; of a repeated name the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** 1 for the first connection that was accepted. */
  readonly connection: number;
}

export interface Answer {
  /** @default 200 */
  readonly status?: number;
  /** `content-length` is added. `connection: close` also closes. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Answers as the value says, or does as it likes with the socket and says `handled`. */
export type Answering = (
  request: RecordedRequest,
  socket: Socket,
) => Answer | "handled" | Promise<Answer | "handled">;

export interface ReceiverOptions {
  /** @default 200 with an empty body */
  readonly answer?: Answer | Answering;
  /** Called before anything is read. */
  readonly onConnect?: (socket: Socket) => void;
  /** Called when a request's headers are complete, before its body is. */
  readonly onHead?: (socket: Socket) => void;
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface Receiver {
  /** `http://127.0.0.1:port`, or `https:`; no slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  /** How many connections were accepted so far. */
  readonly connections: number;
  /** How many of them are open. */
  readonly open: number;
  /** Resolves as soon as `count` requests were recorded. */
  received(count: number): Promise<readonly RecordedRequest[]>;
  /** Resolves when all is read that senders had sent before they ended; none may be left. */
  drained(): Promise<void>;
  /** Closes everything, also what hangs. */
  close(): Promise<void>;
}

/** Starts a receiver on a free port of 127.0.0.1. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let connections = 0;

  const accept = (socket: Socket): void => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // What the sender does to the connection is the test's subject, not an error here.
    socket.on("error", () => undefined);
    options.onConnect?.(socket);
    readRequests(socket, connection, options.onHead, (request) => {
      requests.push(request);
      for (const wake of waiting) wake();
      void answerRequest(options.answer ?? {}, request, socket);
    });
  };
  const server =
    options.tls === undefined
      ? createServer({ noDelay: true }, accept)
      : createTlsServer(options.tls, accept);
  const port = await listen(server);

  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    received: (count) =>
      new Promise((resolve) => {
        const wake = (): void => {
          if (requests.length < count) return;
          waiting.delete(wake);
          resolve(requests);
        };
        waiting.add(wake);
        wake();
      }),
    drained: async () => {
      // Connections are accepted in their order: once this one is, none that came before it is left out.
      const probe = connect(port, "127.0.0.1");
      await until("the last connection is accepted", () =>
        [...sockets].some(({ remotePort }) => remotePort === probe.localPort),
      );
      probe.destroy();
      await until("no connection is open", () => sockets.size === 0);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Starts any server on a free port of 127.0.0.1 and says which. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP port");
  return address.port;
}

function readRequests(
  socket: Socket,
  connection: number,
  onHead: ((socket: Socket) => void) | undefined,
  onRequest: (request: RecordedRequest) => void,
): void {
  let pending: Buffer = Buffer.alloc(0);
  let announced = false;
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf("\r\n\r\n");
      if (end === -1) return;
      if (!announced) onHead?.(socket);
      announced = true;
      const head = parseHead(pending.toString("latin1", 0, end));
      const size = end + 4 + Number(head.headers["content-length"] ?? 0);
      if (pending.length < size) return;
      const raw = Buffer.from(pending.subarray(0, size));
      pending = pending.subarray(size);
      announced = false;
      onRequest({ ...head, raw, body: raw.subarray(end + 4), connection });
    }
  });
}

function parseHead(head: string): Pick<RecordedRequest, "method" | "target" | "headers"> {
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", target = ""] = requestLine.split(" ");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, target, headers };
}

async function answerRequest(
  answer: Answer | Answering,
  request: RecordedRequest,
  socket: Socket,
): Promise<void> {
  const chosen = typeof answer === "function" ? await answer(request, socket) : answer;
  if (chosen === "handled") return;
  const body = Buffer.from(chosen.body ?? "");
  const lines = Object.entries(chosen.headers ?? {}).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = `HTTP/1.1 ${chosen.status ?? 200} Answer\r\n${lines.join("")}content-length: ${body.length}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head, "latin1"), body]));
  if (chosen.headers?.["connection"] === "close") socket.end();
}

/** Says this, byte for byte, and nothing more; the connection stays open. */
export function say(bytes: string): Answering {
  return (_request, socket) => {
    socket.write(bytes, "latin1");
    return "handled";
  };
}

/** Says this and ends the connection: in order (`end`), or by a reset. */
export function sayAndLeave(bytes: string, how: "end" | "reset"): Answering {
  return (_request, socket) => {
    socket.write(bytes, "latin1", () => {
      if (how === "end") socket.end();
      else socket.resetAndDestroy();
    });
    return "handled";
  };
}

/** Never answers. */
export const hang: Answering = () => "handled";

export const reset: Answering = (_request, socket) => {
  socket.resetAndDestroy();
  return "handled";
};

/** Says `first` at once, and then one byte of `rest` after the other, for as long as it is listened to. */
export function drip(first: string, rest: string, everyMs: number): Answering {
  return (_request, socket) => {
    socket.write(first, "latin1");
    let position = 0;
    const timer = setInterval(() => {
      socket.write(rest.charAt(position++ % rest.length), "latin1");
    }, everyMs);
    socket.on("close", () => clearInterval(timer));
    return "handled";
  };
}

/** Says `first` and then `block` again and again, as fast as it is taken, until `bytes` went out. */
export function flood(first: string, block: string, bytes: number): Answering {
  return (_request, socket) => {
    const piece = Buffer.from(block.repeat(Math.ceil(65536 / block.length)), "latin1");
    let left = bytes;
    const more = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on("drain", more);
    socket.write(first, "latin1");
    more();
    return "handled";
  };
}
