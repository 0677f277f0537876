import { type Socket, connect, createServer } from "node:net";
import { listen } from "../../kit/receiver.ts";

/** A proxy that opens tunnels (CONNECT) and remembers what it was asked. */
export interface ConnectProxy {
  readonly port: number;
  /** The first request of each connection. */
  readonly heads: readonly string[];
  close(): Promise<void>;
}

/** `to`: the port that every tunnel leads to, whichever is asked for. */
export async function startConnectProxy(to?: number): Promise<ConnectProxy> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => undefined);
    client.once("data", (chunk: Buffer) => {
      const head = chunk.toString("latin1");
      heads.push(head);
      const [, host = "", port = ""] = /^CONNECT (\S+):(\d+) /.exec(head) ?? [];
      if (port === "") {
        client.end("HTTP/1.1 405 Tunnels only\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      const upstream = connect(to ?? Number(port), host, () => {
        client.write("HTTP/1.1 200 Connected\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      sockets.add(upstream);
      upstream.on("error", () => client.destroy());
    });
  });
  const port = await listen(server);
  return {
    port,
    heads,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
