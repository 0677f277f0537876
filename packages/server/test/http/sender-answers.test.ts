import { afterEach, describe, expect, test } from "vitest";
import { openHttpSender } from "../../src/adapters/http/http-sender.ts";
import type { SendRequest, Sender } from "../../src/ports/sender.ts";
import {
  type Receiver,
  type ReceiverOptions,
  drip,
  flood,
  hang,
  reset,
  say,
  sayAndLeave,
  startReceiver,
} from "../kit/receiver.ts";

const MiB = 1024 * 1024;
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function receiver(options: ReceiverOptions): Promise<Receiver> {
  const started = await startReceiver(options);
  ends.push(() => started.close());
  return started;
}

function sender(deadlineMs = 5000): Sender {
  const opened = openHttpSender({ deadlineMs, allowedTargets: ["127.0.0.0/8"] });
  ends.push(() => opened.close());
  return opened;
}

function post(url: string, body: Uint8Array = Buffer.from("{}")): SendRequest {
  return { url, headers: { "content-type": "application/json" }, body };
}

const ok = "HTTP/1.1 200 OK\r\n";

describe("a complete answer", () => {
  test("2xx is delivered, with what was said and the phases that happened", async () => {
    const to = await receiver({
      answer: { status: 201, headers: { "X-Trace": "Abc", "set-cookie": "a=1" }, body: "thanks" },
    });
    const result = await sender().send(post(`${to.url}/hook?x=1`, Buffer.from('{"a":1.0}')));
    expect(result).toEqual({
      outcome: "delivered",
      response: {
        status: 201,
        headers: [
          ["x-trace", "Abc"],
          ["set-cookie", "a=1"],
          ["content-length", "6"],
        ],
        body: new Uint8Array(Buffer.from("thanks")),
        truncated: false,
      },
      address: "127.0.0.1",
      connectMs: expect.any(Number),
      firstByteMs: expect.any(Number),
      totalMs: expect.any(Number),
      reused: false,
    });
    expect(to.requests[0]?.raw.toString()).toBe(
      `POST /hook?x=1 HTTP/1.1\r\nhost: 127.0.0.1:${to.port}\r\nconnection: keep-alive\r\n` +
        'content-type: application/json\r\ncontent-length: 9\r\n\r\n{"a":1.0}',
    );
  });

  test.each([302, 400, 404, 410, 429, 500, 503, 999])("%i is rejected", async (status) => {
    const to = await receiver({ answer: { status, headers: { "retry-after": "3" }, body: "no" } });
    const result = await sender().send(post(to.url));
    expect(result).toMatchObject({ outcome: "rejected", response: { status, truncated: false } });
    expect(result.errorClass).toBeUndefined();
    expect(result.response?.headers).toContainEqual(["retry-after", "3"]);
  });

  test("a redirect is not followed", async () => {
    const elsewhere = await receiver({});
    const to = await receiver({ answer: { status: 307, headers: { location: elsewhere.url } } });
    const result = await sender().send(post(to.url));
    expect(result).toMatchObject({ outcome: "rejected", response: { status: 307 } });
    expect(elsewhere.connections).toBe(0);
  });

  test("an empty body is sent as such, and an empty answer is none", async () => {
    const to = await receiver({ answer: say("HTTP/1.1 204 No Content\r\n\r\n") });
    const result = await sender().send(post(to.url, new Uint8Array(0)));
    expect(result).toMatchObject({ outcome: "delivered", response: { status: 204 } });
    expect(result.response?.body).toHaveLength(0);
    expect(to.requests[0]?.headers["content-length"]).toBe("0");
  });

  test("headers of the connection are not the caller's to set", async () => {
    const to = await receiver({});
    await sender().send({
      url: to.url,
      headers: { Host: "other.test", "Content-Length": "1", Connection: "close", Expect: "x" },
      body: Buffer.from("whole"),
    });
    expect(to.requests[0]?.headers).toEqual({
      host: `127.0.0.1:${to.port}`,
      connection: "keep-alive",
      "content-length": "5",
    });
  });

  test("a header that HTTP cannot carry is refused without its value being shown", async () => {
    const to = await receiver({});
    const result = await sender().send({
      url: to.url,
      headers: { "x-bad": "topsecret\r\nx-injected: 1" },
      body: Buffer.from("{}"),
    });
    expect(result).toMatchObject({ outcome: "not-sent", errorClass: "invalid-url" });
    expect(result.detail).toContain("x-bad");
    expect(result.detail).not.toContain("topsecret");
    expect(to.requests).toHaveLength(0);
  });
});

describe("interim answers", () => {
  test.each([
    ["100 Continue", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["100 without a phrase", "HTTP/1.1 100\r\n\r\n"],
    ["100 with headers", "HTTP/1.1 100 Continue\r\nx-a: 1\r\n\r\n"],
    ["several of them", "HTTP/1.1 100 Continue\r\n\r\n".repeat(5)],
    [
      "102 and 103",
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
    ],
    ["100 and then 103", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"],
  ])("%s before the answer changes nothing", async (_name, interim) => {
    const to = await receiver({ answer: say(`${interim}${ok}content-length: 2\r\n\r\nok`) });
    const from = sender();
    for (const reused of [false, true]) {
      const result = await from.send(post(to.url));
      expect(result).toMatchObject({ outcome: "delivered", reused });
      expect(result.response).toMatchObject({
        status: 200,
        headers: [["content-length", "2"]],
        body: new Uint8Array(Buffer.from("ok")),
      });
    }
  });

  test("100 Continue that arrives a byte at a time changes nothing", async () => {
    const all = `HTTP/1.1 100 Continue\r\n\r\n${ok}content-length: 2\r\n\r\nok`;
    const to = await receiver({ answer: drip("", all, 1) });
    expect(await sender().send(post(to.url))).toMatchObject({ outcome: "delivered" });
  });

  test.each([
    ["100", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["103", "HTTP/1.1 103 Early Hints\r\n\r\n"],
  ])("%s without end is no answer", async (_name, interim) => {
    const to = await receiver({ answer: flood("", interim, 8 * MiB) });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "unknown",
      errorClass: "malformed-response",
    });
  });

  test("101 without an upgrade asked for is no answer", async () => {
    const to = await receiver({
      answer: say("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
    });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "unknown",
      errorClass: "malformed-response",
    });
  });
});

describe("the deadline", () => {
  test.each([
    ["nothing", hang],
    ["half of the headers", say(`${ok}content-`)],
    ["headers a byte at a time", drip(ok, "x-a: 1\r\n", 5)],
    ["interim answers alone", drip("HTTP/1.1 103 Early Hints\r\n\r\n", "H", 1000)],
  ])("ends a request that got %s as unknown", async (_name, answer) => {
    const to = await receiver({ answer });
    const result = await sender(150).send(post(to.url));
    expect(result).toMatchObject({ outcome: "unknown", errorClass: "response-timeout" });
    expect(result.totalMs).toBeGreaterThanOrEqual(149);
    expect(result.response).toBeUndefined();
  });

  test("a status and headers within it decide, though the body goes on", async () => {
    const to = await receiver({ answer: drip(`${ok}content-length: 5000\r\n\r\n`, "z", 5) });
    const result = await sender(200).send(post(to.url));
    expect(result).toMatchObject({
      outcome: "delivered",
      response: { status: 200, truncated: true },
    });
    const received = result.response?.body ?? new Uint8Array(0);
    expect(received.length).toBeGreaterThan(0);
    expect(received.length).toBeLessThan(5000);
    await expect.poll(() => to.open).toBe(0);
  });

  test("a refusal whose body goes on is still rejected", async () => {
    const to = await receiver({
      answer: say("HTTP/1.1 500 Oops\r\ncontent-length: 10\r\n\r\nhalf"),
    });
    expect(await sender(100).send(post(to.url))).toMatchObject({
      outcome: "rejected",
      response: { status: 500, truncated: true },
    });
  });

  test("many requests end each at their own time", async () => {
    const to = await receiver({ answer: hang });
    const from = sender(120);
    const results = await Promise.all(Array.from({ length: 40 }, () => from.send(post(to.url))));
    for (const result of results) {
      expect(result).toMatchObject({ outcome: "unknown", errorClass: "response-timeout" });
    }
    // And the list of deadlines is still in order for those that come later.
    expect(await from.send(post(to.url))).toMatchObject({ errorClass: "response-timeout" });
  });

  test("a signal ends it early", async () => {
    const to = await receiver({ answer: hang });
    const stop = new AbortController();
    const from = sender();
    const sending = [from.send(post(to.url), stop.signal), from.send(post(to.url), stop.signal)];
    await to.received(2);
    stop.abort();
    for (const result of await Promise.all(sending)) {
      expect(result).toMatchObject({ outcome: "unknown", errorClass: "response-timeout" });
    }
    expect(await from.send(post(to.url), stop.signal)).toMatchObject({ outcome: "not-sent" });
    expect(to.requests).toHaveLength(2);
  });
});

describe("the body of an answer", () => {
  test("16 KiB are kept, a longer body is truncated, and the connection is kept up to 64 KiB", async () => {
    const sizes = [16_384, 16_385, 65_536];
    const to = await receiver({
      answer: (request) => ({ body: "x".repeat(Number(request.target.slice(1))) }),
    });
    const from = sender();
    for (const size of sizes) {
      const result = await from.send(post(`${to.url}/${size}`));
      expect(result.response?.body).toHaveLength(16_384);
      expect(result.response?.truncated).toBe(size > 16_384);
    }
    expect(to.connections).toBe(1);
    const beyond = await from.send(post(`${to.url}/65537`));
    expect(beyond).toMatchObject({ outcome: "delivered", response: { truncated: true } });
    await from.send(post(`${to.url}/1`));
    expect(to.connections).toBe(2);
  });

  test.each([
    ["with a length", `${ok}content-length: ${600 * MiB}\r\n\r\n`],
    ["until the end of the connection", `${ok}connection: close\r\n\r\n`],
  ])("600 MiB %s are not read", async (_name, head) => {
    let sent = 0;
    const to = await receiver({
      onConnect: (socket) => socket.on("close", () => (sent = socket.bytesWritten)),
      answer: flood(head, "y".repeat(1024), 600 * MiB),
    });
    const result = await sender().send(post(to.url));
    expect(result).toMatchObject({ outcome: "delivered", response: { truncated: true } });
    expect(result.response?.body).toHaveLength(16_384);
    await expect.poll(() => sent).toBeGreaterThan(0);
    // What the system's buffers took, not what there was.
    expect(sent).toBeLessThan(32 * MiB);
  });

  test("framing that carries no body is bounded, too", async () => {
    const to = await receiver({
      answer: flood(`${ok}transfer-encoding: chunked\r\n\r\n1;`, "e".repeat(1024), 64 * MiB),
    });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "delivered",
      response: { truncated: true },
    });
  });

  test.each([
    ["is shorter than it says", sayAndLeave(`${ok}content-length: 10\r\n\r\nfour`, "end")],
    ["is reset half-way", sayAndLeave(`${ok}content-length: 10\r\n\r\nfour`, "reset")],
    ["has broken chunks", say(`${ok}transfer-encoding: chunked\r\n\r\n4\r\nfour\r\nzzz\r\n`)],
    ["ends within a chunk", sayAndLeave(`${ok}transfer-encoding: chunked\r\n\r\na\r\nfour`, "end")],
  ])("a body that %s leaves the status in force", async (_name, answer) => {
    const to = await receiver({ answer });
    const result = await sender().send(post(to.url));
    expect(result).toMatchObject({
      outcome: "delivered",
      response: { status: 200, truncated: true, body: new Uint8Array(Buffer.from("four")) },
    });
  });

  test("a body that is longer than it says spoils the connection, not the answer", async () => {
    const to = await receiver({ answer: say(`${ok}content-length: 4\r\n\r\nfour and more`) });
    const from = sender();
    for (const connection of [1, 2]) {
      const result = await from.send(post(to.url));
      expect(result.response?.body).toEqual(new Uint8Array(Buffer.from("four")));
      expect(to.connections).toBe(connection);
    }
  });
});

describe("an answer that cannot be used", () => {
  test("headers over the limit", async () => {
    const to = await receiver({ answer: flood(`${ok}x-big: `, "h".repeat(1024), 8 * MiB) });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "unknown",
      errorClass: "response-headers-too-large",
    });
  });

  test("many small headers over the limit", async () => {
    const to = await receiver({ answer: flood(ok, "x-small: 1\r\n", 8 * MiB) });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "unknown",
      errorClass: "response-headers-too-large",
    });
  });

  test("a status line without end", async () => {
    const to = await receiver({ answer: flood("HTTP/1.1 200 ", "p".repeat(1024), 64 * MiB) });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "unknown",
      errorClass: "malformed-response",
    });
  });

  test.each([
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["a broken status", "HTTP/1.1 2x0 OK\r\n\r\n"],
    ["a broken header", `${ok}no colon here\r\n\r\n`],
    ["two lengths", `${ok}content-length: 1\r\ncontent-length: 2\r\n\r\nab`],
    ["a length and chunks", `${ok}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n`],
    ["a length that is no number", `${ok}content-length: ten\r\n\r\n`],
  ])("%s is malformed, and unknown", async (_name, bytes) => {
    const to = await receiver({ answer: say(bytes) });
    const result = await sender().send(post(to.url));
    expect(result).toMatchObject({ outcome: "unknown", errorClass: "malformed-response" });
    expect(result.response).toBeUndefined();
  });

  test.each([
    ["after the request", reset],
    ["within the headers", sayAndLeave(`${ok}x-a: `, "reset")],
    ["within the headers, in order", sayAndLeave(`${ok}x-a: `, "end")],
  ])("a connection that ends %s leaves it unknown", async (_name, answer) => {
    const to = await receiver({ answer });
    expect(await sender().send(post(to.url))).toMatchObject({
      outcome: "unknown",
      errorClass: "connection-reset",
    });
    expect(to.requests).toHaveLength(1);
  });

  test("a connection that is reset while the request is written leaves it unknown", async () => {
    const to = await receiver({ onHead: (socket) => socket.resetAndDestroy() });
    expect(await sender().send(post(to.url, Buffer.alloc(8 * MiB)))).toMatchObject({
      outcome: "unknown",
      errorClass: "connection-reset",
    });
  });

  test("a connection that is reset as soon as it is accepted is not tried again", async () => {
    const to = await receiver({ onConnect: (socket) => socket.resetAndDestroy() });
    const result = await sender().send(post(to.url));
    expect(["unknown", "not-sent"]).toContain(result.outcome);
    expect(["connection-reset", "connection-failed"]).toContain(result.errorClass);
    expect(to.connections).toBe(1);
  });
});
