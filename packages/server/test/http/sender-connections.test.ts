import { getEventListeners } from "node:events";
import { type Socket, createServer } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type HttpSenderOptions, openHttpSender } from "../../src/adapters/http/http-sender.ts";
import type { SendRequest, Sender } from "../../src/ports/sender.ts";
import {
  type Receiver,
  type ReceiverOptions,
  drip,
  hang,
  listen,
  startReceiver,
} from "../kit/receiver.ts";

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function receiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const started = await startReceiver(options);
  ends.push(() => started.close());
  return started;
}

function sender(options: HttpSenderOptions = {}): Sender {
  const opened = openHttpSender({ allowedTargets: ["127.0.0.0/8"], deadlineMs: 5000, ...options });
  ends.push(() => opened.close());
  return opened;
}

function post(url: string, body: Uint8Array = Buffer.from("{}")): SendRequest {
  return { url, headers: {}, body };
}

/** A port on which nothing listens (any more). */
async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("a connection that is kept", () => {
  test("serves the next request, which then has no phases of connecting", async () => {
    const to = await receiver();
    const from = sender();
    const first = await from.send(post(to.url));
    const second = await from.send(post(to.url));
    expect(first).toMatchObject({ reused: false, connectMs: expect.any(Number) });
    expect(second).toMatchObject({ reused: true, address: "127.0.0.1" });
    expect(Object.keys(second)).not.toContain("connectMs");
    expect(to.connections).toBe(1);
  });

  test("is not taken again when the receiver closes after each answer", async () => {
    const to = await receiver({ answer: { headers: { connection: "close" } } });
    const from = sender();
    for (const count of [1, 2, 3]) {
      expect(await from.send(post(to.url))).toMatchObject({ outcome: "delivered", reused: false });
      expect(to.connections).toBe(count);
    }
  });

  test.each([
    ["in order", (socket: Socket) => socket.end()],
    ["by a reset", (socket: Socket) => socket.resetAndDestroy()],
  ])(
    "and that the receiver closed meanwhile, %s, is replaced without loss",
    async (_name, leave) => {
      const sockets: Socket[] = [];
      const to = await receiver({ onConnect: (socket) => sockets.push(socket) });
      const from = sender();
      for (let round = 1; round <= 10; round++) {
        const result = await from.send(post(to.url, Buffer.from(`${round}`)));
        expect(result).toMatchObject({ outcome: "delivered", reused: false });
        // At once: whether the sender has seen it when it writes is what must make no difference.
        const socket = sockets.at(-1);
        if (socket === undefined) throw new Error("expected a connection");
        await new Promise((resolve) => {
          socket.on("close", resolve);
          leave(socket);
        });
      }
      expect(to.requests.map(({ body }) => body.toString())).toHaveLength(10);
    },
  );

  test("and that ends under the next request is unknown, and that request is not repeated", async () => {
    const to = await receiver({
      answer: (request, socket) => {
        if (request.body.toString() === "first") return {};
        socket.resetAndDestroy();
        return "handled";
      },
    });
    const from = sender();
    await from.send(post(to.url, Buffer.from("first")));
    expect(await from.send(post(to.url, Buffer.from("second")))).toMatchObject({
      outcome: "unknown",
      errorClass: "connection-reset",
      reused: true,
    });
    expect(to.requests).toHaveLength(2);
    expect(to.connections).toBe(1);
  });

  test("is closed after its idle time", async () => {
    const to = await receiver();
    await sender({ idleMs: 30 }).send(post(to.url));
    await expect.poll(() => to.open).toBe(0);
  });

  test("is not taken again after an answer that came before the request was read", async () => {
    const to = await receiver({
      onHead: (socket) => {
        socket.pause();
        socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n");
      },
    });
    const from = sender();
    for (const count of [1, 2]) {
      expect(await from.send(post(to.url, Buffer.alloc(16 * 1024 * 1024)))).toMatchObject({
        outcome: "rejected",
        response: { status: 413 },
        reused: false,
      });
      expect(to.connections).toBe(count);
    }
  });
});

describe("before the request is written", () => {
  test("a refused connection is not sent", async () => {
    const port = await unusedPort();
    expect(await sender().send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
      outcome: "not-sent",
      errorClass: "connection-refused",
      address: "127.0.0.1",
    });
  });

  test("TLS to a receiver without TLS is not sent", async () => {
    const to = await receiver({ onConnect: (socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n") });
    expect(await sender().send(post(`https://127.0.0.1:${to.port}/`))).toMatchObject({
      outcome: "not-sent",
      errorClass: "tls-failed",
    });
  });

  test("a handshake that hangs is not sent", async () => {
    const to = await receiver();
    const result = await sender({ deadlineMs: 100 }).send(post(`https://127.0.0.1:${to.port}/`));
    expect(result).toMatchObject({ outcome: "not-sent", errorClass: "tls-failed" });
    await expect.poll(() => to.open).toBe(0);
  });

  test("DNS that hangs is not sent, and its late answer is ignored", async () => {
    const to = await receiver();
    const answer = Promise.withResolvers<{ address: string; family: number }[]>();
    const from = sender({ deadlineMs: 60, lookup: () => answer.promise });
    expect(await from.send(post(`http://slow.test:${to.port}/`))).toMatchObject({
      outcome: "not-sent",
      errorClass: "dns-failed",
    });
    answer.resolve([{ address: "127.0.0.1", family: 4 }]);
    await from.close();
    expect(to.connections).toBe(0);
  });

  test("a signal ends it as not sent", async () => {
    const stop = new AbortController();
    const from = sender({ lookup: () => new Promise(() => undefined) });
    const sending = from.send(post("http://slow.test/"), stop.signal);
    stop.abort();
    expect(await sending).toMatchObject({ outcome: "not-sent", errorClass: "dns-failed" });
  });
});

describe("an origin", () => {
  test("has so many connections at most, and the other requests wait in order", async () => {
    const to = await receiver({ answer: (request) => ({ body: request.body }) });
    const from = sender({ maxConnectionsPerOrigin: 2 });
    const bodies = Array.from({ length: 20 }, (_, i) => `${i}`);
    const results = await Promise.all(
      bodies.map((body) => from.send(post(to.url, Buffer.from(body)))),
    );
    expect(results.map(({ response }) => Buffer.from(response?.body ?? "").toString())).toEqual(
      bodies,
    );
    expect(to.connections).toBe(2);
  });

  test("whose connections all hang lets those that wait end as not sent, and then goes on", async () => {
    let hanging = true;
    const to = await receiver({
      answer: (request, socket) => (hanging ? hang(request, socket) : {}),
    });
    const from = sender({ maxConnectionsPerOrigin: 1, deadlineMs: 100 });
    // Both at once: their deadlines must be closer than what a request needs to be begun.
    const first = from.send(post(to.url));
    const second = from.send(post(to.url));
    expect(await first).toMatchObject({ outcome: "unknown", errorClass: "response-timeout" });
    // It is not written in the last moment, now that there could be a connection.
    expect(await second).toMatchObject({
      outcome: "not-sent",
      errorClass: "connect-timeout",
      detail: expect.stringContaining("became free"),
    });
    expect(to.connections).toBe(1);
    hanging = false;
    expect(await from.send(post(to.url))).toMatchObject({ outcome: "delivered" });
  });

  test("that hangs does not hold up another", async () => {
    const bad = await receiver({ answer: hang });
    const good = await receiver();
    const from = sender({ deadlineMs: 3000 });
    const stop = new AbortController();
    const hung = Array.from({ length: 300 }, () => from.send(post(bad.url), stop.signal));
    for (let i = 0; i < 20; i++) {
      expect(await from.send(post(good.url))).toMatchObject({ outcome: "delivered" });
    }
    stop.abort();
    await Promise.all(hung);
  });

  test("that was quiet longest is let go when there are too many", async () => {
    const tos = await Promise.all([receiver(), receiver(), receiver()]);
    const from = sender({ maxOrigins: 2 });
    for (const to of tos) await from.send(post(to.url));
    await expect.poll(() => tos.map(({ open }) => open)).toEqual([0, 1, 1]);
    // Used again, so that the third is now the older one.
    const [first, second] = tos;
    if (first === undefined || second === undefined) throw new Error("expected receivers");
    await from.send(post(second.url));
    await from.send(post(first.url));
    await expect.poll(() => tos.map(({ open }) => open)).toEqual([1, 1, 0]);
  });

  test("thousands of them leave nothing behind", async () => {
    const to = await receiver();
    const from = sender({
      maxOrigins: 10,
      lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    });
    for (let i = 0; i < 2000; i += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) => from.send(post(`http://h${i + n}.test:${to.port}/`))),
      );
    }
    expect(to.requests).toHaveLength(2000);
    await expect.poll(() => to.open).toBeLessThanOrEqual(10);
  });
});

describe("thousands of requests", () => {
  test("leave no listeners behind on connections, and one on a signal that they share", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warn);
    const to = await receiver();
    const from = sender({ maxConnectionsPerOrigin: 8 });
    const { signal } = new AbortController();
    for (let round = 0; round < 20; round++) {
      const sending = Array.from({ length: 100 }, () => from.send(post(to.url), signal));
      expect(getEventListeners(signal, "abort")).toHaveLength(1);
      await Promise.all(sending);
    }
    process.off("warning", warn);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    expect(to.connections).toBe(8);
    expect(warnings).toEqual([]);
  });

  test("with any headers and paths are answered or refused, never thrown", async () => {
    const to = await receiver();
    const from = sender();
    const text = fc.string({ unit: "binary", maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, value, path) => {
        const request = { ...post(`${to.url}/${path}`), headers: { [name]: value } };
        const { outcome } = await from.send(request);
        expect(["delivered", "not-sent"]).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });
});

describe("close", () => {
  test("closes what is idle and resolves", async () => {
    const to = await receiver();
    const from = sender();
    await from.send(post(to.url));
    expect(to.open).toBe(1);
    await from.close();
    await expect.poll(() => to.open).toBe(0);
    expect(await from.send(post(to.url))).toMatchObject({ outcome: "not-sent" });
  });

  test("lets what is under way end first", async () => {
    const slow = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n";
    const to = await receiver({ answer: drip("", slow + "abc", 1) });
    const from = sender();
    const sending = from.send(post(to.url));
    await to.received(1);
    const closing = from.close();
    expect(await sending).toMatchObject({ outcome: "delivered", response: { truncated: false } });
    await closing;
    await expect.poll(() => to.open).toBe(0);
  });

  test("resolves when nothing was ever sent", async () => {
    await expect(sender().close()).resolves.toBeUndefined();
  });
});
