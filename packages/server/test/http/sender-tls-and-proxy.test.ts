import { type Socket, connect, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type HttpSenderOptions, openHttpSender } from "../../src/adapters/http/http-sender.ts";
import type { SendResult, Sender } from "../../src/ports/sender.ts";
import { type Receiver, hang, listen, startReceiver } from "../kit/receiver.ts";
import { testTls } from "../kit/tls.ts";

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0).toReversed()) await end();
});

async function receiver(secure: boolean): Promise<Receiver> {
  const started = await startReceiver(secure ? { tls: testTls } : {});
  ends.push(() => started.close());
  return started;
}

function sender(options: HttpSenderOptions = {}): Sender {
  const opened = openHttpSender({
    deadlineMs: 5000,
    allowedTargets: ["127.0.0.0/8"],
    ca: [testTls.ca],
    lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    ...options,
  });
  ends.push(() => opened.close());
  return opened;
}

function send(from: Sender, url: string): Promise<SendResult> {
  return from.send({ url, headers: { "x-a": "1" }, body: Buffer.from("{}") });
}

interface ProxyLog {
  readonly url: string;
  readonly heads: string[];
}

/** A proxy that tunnels to wherever it is asked to, or answers as told. */
async function proxy(answer = "200 Connected", secure = false): Promise<ProxyLog> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (client: Socket): void => {
    sockets.add(client);
    client.on("error", () => undefined);
    client.once("data", (chunk: Buffer) => {
      const head = chunk.toString("latin1");
      heads.push(head);
      if (!answer.startsWith("200")) {
        client.end(`HTTP/1.1 ${answer}\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      const [, host = "", port = ""] = /^CONNECT (\S+):(\d+) /.exec(head) ?? [];
      const upstream = connect(Number(port), host, () => {
        client.write(`HTTP/1.1 ${answer}\r\n\r\n`);
        client.pipe(upstream).pipe(client);
      });
      sockets.add(upstream);
      upstream.on("error", () => client.destroy());
    });
  };
  const server = secure ? createTlsServer(testTls, serve) : createServer(serve);
  const port = await listen(server);
  ends.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return { url: `${secure ? "https" : "http"}://127.0.0.1:${port}`, heads };
}

describe("TLS", () => {
  test("is measured, verified and kept alive", async () => {
    const to = await receiver(true);
    const from = sender();
    const url = `https://receiver.test:${to.port}/`;
    expect(await send(from, url)).toMatchObject({
      outcome: "delivered",
      address: "127.0.0.1",
      dnsMs: expect.any(Number),
      connectMs: expect.any(Number),
      tlsMs: expect.any(Number),
      firstByteMs: expect.any(Number),
      reused: false,
    });
    const second = await send(from, url);
    expect(second).toMatchObject({ outcome: "delivered", reused: true });
    expect(second.tlsMs).toBeUndefined();
  });

  test("a certificate for an address is good for that address", async () => {
    const to = await receiver(true);
    expect(await send(sender(), to.url)).toMatchObject({ outcome: "delivered" });
  });

  test.each(["0", undefined])(
    "a certificate of an unknown authority is refused (NODE_TLS_REJECT_UNAUTHORIZED=%s)",
    async (value) => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", value);
      const to = await receiver(true);
      const result = await send(sender({ ca: [] }), `https://receiver.test:${to.port}/`);
      expect(result).toMatchObject({ outcome: "not-sent", errorClass: "tls-failed" });
      expect(result.detail).toContain("not trusted");
      expect(to.requests).toHaveLength(0);
    },
  );

  test("a certificate for another name is refused", async () => {
    const to = await receiver(true);
    const result = await send(sender(), `https://other.test:${to.port}/`);
    expect(result).toMatchObject({ outcome: "not-sent", errorClass: "tls-failed" });
    expect(result.detail).toContain("another host name");
    expect(to.requests).toHaveLength(0);
  });
});

describe("a proxy", () => {
  test.each([
    [false, false],
    [true, false],
    [true, true],
  ])("tunnels to the judged address (target TLS %s, proxy TLS %s)", async (secure, proxySecure) => {
    const to = await receiver(secure);
    const via = await proxy("200 Connected", proxySecure);
    const from = sender({ proxyUrl: via.url });
    const url = `http${secure ? "s" : ""}://receiver.test:${to.port}/hook`;
    expect(await send(from, url)).toMatchObject({ outcome: "delivered", address: "127.0.0.1" });
    expect(await send(from, url)).toMatchObject({ outcome: "delivered", reused: true });
    expect(via.heads).toEqual([
      `CONNECT 127.0.0.1:${to.port} HTTP/1.1\r\nHost: 127.0.0.1:${to.port}\r\n\r\n`,
    ]);
    expect(to.requests[0]?.target).toBe("/hook");
    expect(to.requests[0]?.headers["host"]).toBe(`receiver.test:${to.port}`);
  });

  test("is given its credentials, and they are shown nowhere", async () => {
    const via = await proxy("407 Proxy Authentication Required");
    const proxyUrl = via.url.replace("http://", "http://me:s3cret%21@");
    const result = await send(sender({ proxyUrl }), "http://receiver.test/");
    expect(result).toMatchObject({ outcome: "not-sent", errorClass: "proxy-failed" });
    const encoded = Buffer.from("me:s3cret!").toString("base64");
    expect(via.heads[0]).toContain(`Proxy-Authorization: Basic ${encoded}\r\n`);
    expect(JSON.stringify(result)).not.toMatch(/s3cret|czNj/);
  });

  test("is not asked for an address that is refused", async () => {
    const via = await proxy();
    const from = sender({
      proxyUrl: via.url,
      lookup: () => Promise.resolve([{ address: "169.254.169.254", family: 4 }]),
    });
    expect(await send(from, "https://evil.test/")).toMatchObject({
      outcome: "not-sent",
      errorClass: "address-blocked",
    });
    expect(via.heads).toHaveLength(0);
  });

  test.each(["403 Forbidden", "502 Bad Gateway", "nonsense"])(
    "that says %s is the failure, and nothing is sent",
    async (answer) => {
      const via = await proxy(answer);
      expect(await send(sender({ proxyUrl: via.url }), "https://receiver.test/")).toMatchObject({
        outcome: "not-sent",
        errorClass: "proxy-failed",
      });
    },
  );

  test("that hangs is the failure", async () => {
    const hung = await startReceiver({ answer: hang });
    ends.push(() => hung.close());
    const from = sender({ proxyUrl: hung.url, deadlineMs: 100 });
    expect(await send(from, "https://receiver.test/")).toMatchObject({
      outcome: "not-sent",
      errorClass: "proxy-failed",
    });
  });

  test("of the environment is ignored", async () => {
    const via = await proxy();
    for (const name of ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"]) {
      vi.stubEnv(name, via.url);
    }
    const to = await receiver(false);
    expect(await send(sender(), to.url)).toMatchObject({ outcome: "delivered" });
    expect(via.heads).toHaveLength(0);
  });

  test.each(["socks5://127.0.0.1:1080", "proxy.example:3128", ""])(
    "with the URL %j is a configuration mistake",
    (proxyUrl) => {
      expect(() => openHttpSender({ proxyUrl })).toThrow(/proxy URL/);
    },
  );
});
