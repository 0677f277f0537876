import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { until } from "../kit/until.ts";
import { itemsOf, openApi, type OpenApi } from "./open-api.ts";

const limits = {
  headersTimeoutMs: 150,
  requestTimeoutMs: 300,
  keepAliveTimeoutMs: 50,
  stalledTimeoutMs: 60_000,
  checkEveryMs: 20,
};

let t: OpenApi;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await t.close();
});

interface Client {
  readonly socket: Socket;
  /** All that the server said, once it has closed. */
  readonly closed: Promise<string>;
  heard(): string;
}

async function start(connections: object = limits): Promise<() => Client> {
  t = await openApi({ settings: { connections } });
  await t.call("POST", "/app", { body: { name: "a", uid: "a" } });
  const { port } = new URL(await t.api.listen({ host: "127.0.0.1", port: 0 }));
  return () => {
    // A client that never ends its own side.
    const socket = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    sockets.push(socket);
    let heard = "";
    socket.on("data", (chunk) => void (heard += String(chunk)));
    socket.on("error", () => undefined);
    const closed = new Promise<string>((resolve) => {
      socket.once("end", () => resolve(heard)).once("close", () => resolve(heard));
    });
    return { socket, closed, heard: () => heard };
  };
}

const publish = '{"eventType":"a.b","payload":{"a":1}}';

function post(length: string, token = t.adminToken): string {
  return (
    "POST /api/v1/app/a/msg HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" +
    `authorization: Bearer ${token}\r\n${length}\r\n\r\n`
  );
}

function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 10);
  socket.once("end", () => clearInterval(timer)).once("close", () => clearInterval(timer));
}

function statuses(heard: string): readonly string[] {
  return Array.from(heard.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status ?? "");
}

async function openConnections(): Promise<number> {
  return new Promise((resolve, reject) => {
    t.api.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

async function messages(): Promise<number> {
  return itemsOf(await t.call("GET", "/app/a/msg")).length;
}

describe("a connection is ended", () => {
  afterEach(async () => {
    await until("the server holds no connection", async () => (await openConnections()) === 0);
  });

  test("when it says nothing", async () => {
    const client = (await start())();
    expect(statuses(await client.closed)).toEqual(["408"]);
  });

  test("when its headers drip in", async () => {
    const client = (await start())();
    client.socket.write("GET /api/v1/health HTTP/1.1\r\nhost: x\r\n");
    drip(client.socket, "x-drip: x\r\n");
    const heard = await client.closed;
    expect(statuses(heard)).toEqual(["408"]);
    expect(heard).toContain('"code":"request_timeout"');
  });

  test("when its body drips in, and nothing is published", async () => {
    const client = (await start())();
    client.socket.write(post("content-length: 100000"));
    drip(client.socket, " ");
    expect(statuses(await client.closed)).toEqual(["408"]);
    expect(await messages()).toBe(0);
  });

  test("when a body without end goes on after its answer, with no second answer", async () => {
    const client = (await start())();
    client.socket.write(post("transfer-encoding: chunked", "wrong"));
    drip(client.socket, "1\r\n \r\n");
    expect(statuses(await client.closed)).toEqual(["401"]);
  });

  test("when it lies idle after an answer", async () => {
    const client = (await start())();
    client.socket.write("GET /api/v1/health/ping HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(statuses(await client.closed)).toEqual(["204"]);
  });

  test("when the second request on it stops half way", async () => {
    const open = await start({ ...limits, keepAliveTimeoutMs: 60_000 });
    const client = open();
    client.socket.write("GET /api/v1/health/ping HTTP/1.1\r\nhost: x\r\n\r\n");
    await until("the first is answered", () => client.heard().includes("204"));
    client.socket.write("GET /api/v1/health/ping HTT");
    expect(statuses(await client.closed)).toEqual(["204", "408"]);
  });

  test("when its answers are never read", async () => {
    const open = await start({ ...limits, keepAliveTimeoutMs: 60_000, stalledTimeoutMs: 200 });
    const client = open();
    client.socket.pause();
    // More answers than the buffers of both sides hold.
    const ask = "GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n";
    client.socket.write(ask.repeat(200));
    await until("it is connected", async () => (await openConnections()) === 1);
  });

  test("when its headers are larger than the limit", async () => {
    const client = (await start({ maxHeaderBytes: 2000 }))();
    client.socket.write(`GET /api/v1/health HTTP/1.1\r\nhost: x\r\nx: ${"x".repeat(2000)}\r\n\r\n`);
    const heard = await client.closed;
    expect(statuses(heard)).toEqual(["431"]);
    expect(heard).toContain('"code":"headers_too_large"');
  });

  test("after a publish is answered whose successor is no HTTP", async () => {
    const client = (await start())();
    client.socket.write(`${post(`content-length: ${publish.length}`)}${publish}no HTTP\r\n\r\n`);
    expect(statuses(await client.closed)).toEqual(["202", "400"]);
    expect(await messages()).toBe(1);
  });

  test("after a publish is answered whose successor has a broken body", async () => {
    const client = (await start())();
    const whole = `${post(`content-length: ${publish.length}`)}${publish}`;
    client.socket.write(`${whole}${post("transfer-encoding: chunked")}xyz\r\n`);
    expect(statuses(await client.closed)).toEqual(["202", "400"]);
    expect(await messages()).toBe(1);
  });
});

test("a request without Host is refused, but for HTTP/1.0", async () => {
  const open = await start();
  const client = open();
  client.socket.write("GET /api/v1/health/ping HTTP/1.1\r\nconnection: close\r\n\r\n");
  expect(await client.closed).toMatch(/^HTTP\/1\.1 400 [^]*"code":"malformed_request"/);
  const old = open();
  old.socket.write("GET /api/v1/health/ping HTTP/1.0\r\n\r\n");
  expect(statuses(await old.closed)).toEqual(["204"]);
});
