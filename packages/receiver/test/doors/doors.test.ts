import "reflect-metadata";
import { Controller, Module, Post, Req, Res } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { NextRequest } from "next/server.js";
import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyResult,
  APIGatewayProxyStructuredResultV2,
} from "aws-lambda";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createStaticHandler } from "react-router";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toLambda } from "../../src/doors/aws-lambda.ts";
import { toCloudflareWorkers } from "../../src/doors/cloudflare-workers.ts";
import { toExpress } from "../../src/doors/express.ts";
import { toFastify } from "../../src/doors/fastify.ts";
import { toFetch } from "../../src/doors/fetch.ts";
import { toHono } from "../../src/doors/hono.ts";
import { toKoa } from "../../src/doors/koa.ts";
import { toNest } from "../../src/doors/nest.ts";
import { toNext } from "../../src/doors/next.ts";
import { toNode } from "../../src/doors/node.ts";
import { toRemix } from "../../src/doors/remix.ts";
import { toSvelteKit } from "../../src/doors/sveltekit.ts";
import { createReceiver, github, memoryInbox, sign } from "../../src/index.ts";
import type { Notice, Receiver } from "../../src/index.ts";

const secret = "s3cret";
const limit = 100_000;
const events: Uint8Array[] = [];
const seen: Notice[] = [];
const receiver: Receiver = createReceiver({
  scheme: github,
  secrets: secret,
  inbox: memoryInbox(),
  deduplication: "id",
  background: false,
  maxBodyBytes: limit,
  bodyTimeoutMs: 500,
  onNotice: (notice) => void seen.push(notice),
  on: { "*": ({ body }) => void events.push(body) },
});

type Ask = (request: Request) => Promise<Response>;
type Door = () => Promise<{ readonly ask: Ask; readonly close?: () => Promise<unknown> }>;

const url = "https://hooks.example/webhooks";

type Listener = (...parameters: Parameters<RequestListener>) => unknown;

function overHttp(listener: Listener): Door {
  return async () => {
    const server = createServer((request, response) => void listener(request, response));
    return { ask: await askServer(server), close: async () => server.close() };
  };
}

async function askServer(server: Server): Promise<Ask> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("a port expected");
  return askPort(address.port);
}

function askPort(port: number): Ask {
  return async ({ method, headers, body }) => {
    const { pathname, search } = new URL(url);
    const init = body === null ? {} : { body, duplex: "half" };
    return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { method, headers, ...init });
  };
}

const nest =
  (rawBody: boolean): Door =>
  async () => {
    // What the decorators' syntax does, in a way that Node's type stripping takes.
    class Webhooks {
      async receive(...[request, response]: Parameters<ReturnType<typeof toNest>>): Promise<void> {
        await toNest(receiver)(request, response);
      }
    }
    const method = Object.getOwnPropertyDescriptor(Webhooks.prototype, "receive") ?? {};
    Post()(Webhooks.prototype, "receive", method);
    Req()(Webhooks.prototype, "receive", 0);
    Res()(Webhooks.prototype, "receive", 1);
    Controller("webhooks")(Webhooks);
    class App {
      readonly name = "app";
    }
    Module({ controllers: [Webhooks] })(App);
    const app = await NestFactory.create(App, { rawBody, logger: false });
    await app.listen(0, "127.0.0.1");
    const { port } = new URL(await app.getUrl());
    return { ask: askPort(Number(port)), close: () => app.close() };
  };

const doors: Readonly<Record<string, Door>> = {
  "node:http": overHttp((request, response) => void toNode(receiver)(request, response)),
  Express: overHttp(express().all("/webhooks", toExpress(receiver))),
  "Express under a router": overHttp(
    express().use("/webhooks", express.Router().all("/", toExpress(receiver))),
  ),
  "Express with express.raw": overHttp(
    express()
      .use(express.raw({ type: "*/*", limit: "1mb" }))
      .all("/webhooks", toExpress(receiver)),
  ),
  Koa: overHttp(new Koa().use(toKoa(receiver)).callback()),
  "Nest with rawBody": nest(true),
  Fastify: async () => {
    const app = fastify();
    await app.register(toFastify(receiver), { prefix: "/webhooks" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const [address] = app.addresses();
    if (address === undefined || typeof address === "string") throw new Error("a port expected");
    return { ask: askPort(address.port), close: () => app.close() };
  },
  Hono: async () => {
    const app = new Hono().all("/webhooks", toHono(receiver));
    return { ask: async (request) => app.fetch(request) };
  },
  Next: async () => ({ ask: (request) => toNext(receiver).POST(new NextRequest(request)) }),
  "React Router (Remix)": async () => {
    const routes = createStaticHandler([
      { path: "/webhooks", action: toRemix(receiver), loader: toRemix(receiver) },
    ]);
    return { ask: async (request) => routes.queryRoute(request) };
  },
  "a plain Request": async () => ({ ask: toFetch(receiver) }),
  "SvelteKit's event": async () => ({ ask: (request) => toSvelteKit(receiver)({ request }) }),
  "a Worker's fetch": async () => ({
    ask: (request) =>
      toCloudflareWorkers(receiver)(request, {}, { waitUntil: (work) => void work }),
  }),
  "AWS Lambda, base64": async () => ({ ask: lambda }),
};

/** The types of AWS fit: both kinds of gateway. */
const version1: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> =
  toLambda(receiver);
const version2: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2> =
  toLambda(receiver);

async function lambda(request: Request): Promise<Response> {
  const bytes = Buffer.from(await request.arrayBuffer());
  const result = await toLambda(receiver)({
    body: bytes.toString("base64"),
    isBase64Encoded: true,
    headers: Object.fromEntries(request.headers),
    rawPath: "/webhooks",
    rawQueryString: "",
    requestContext: { http: { method: request.method } },
  });
  return new Response(result.body, { status: result.statusCode, headers: result.headers });
}

let count = 0;

async function genuine(body: Uint8Array, type = "application/json"): Promise<Request> {
  count += 1;
  const made = await sign(github, { id: `id-${count}`, type: "push", body }, secret);
  const headers = { ...made.headers, "content-type": type };
  return new Request(url, { method: "POST", headers, body: new Uint8Array(body) });
}

for (const [name, open] of Object.entries(doors)) {
  describe(`the door of ${name}`, () => {
    let ask: Ask;
    let close: (() => Promise<unknown>) | undefined;
    beforeAll(async () => {
      const door = await open();
      ask = door.ask;
      close = () => door.close?.() ?? Promise.resolve();
    });
    afterAll(() => close?.());

    test.each([
      [
        "JSON with its spaces and big numbers",
        '{ "b": 12345678901234567890,\n "a": 1.0 }\r\n',
        "application/json",
      ],
      ["a byte order mark", "\uFEFF{}", "application/json"],
      ["a form", "a=1&b=%20x+y", "application/x-www-form-urlencoded"],
      ["another type", "<a/>", "application/xml"],
    ])("hands on %s byte for byte", async (_what, text, type) => {
      const body = new TextEncoder().encode(text);
      events.length = 0;
      const response = await ask(await genuine(body, type));
      expect([response.status, await response.text()]).toEqual([200, '{"received":true}']);
      await receiver.drain();
      expect(events.map((each) => [...each])).toEqual([[...body]]);
    });

    test("hands on bytes that are no text", async () => {
      const body = Uint8Array.from({ length: 256 }, (_, index) => index);
      events.length = 0;
      expect((await ask(await genuine(body, "application/octet-stream"))).status).toBe(200);
      await receiver.drain();
      expect(events.map((each) => [...each])).toEqual([[...body]]);
    });

    test("refuses a tampered body with 401", async () => {
      const { headers } = await genuine(new TextEncoder().encode("{}"));
      const response = await ask(new Request(url, { method: "POST", headers, body: "{ }" }));
      expect(response.status).toBe(401);
    });

    test("answers 413 to a body over its limit", async () => {
      const body = new TextEncoder().encode(JSON.stringify({ x: "x".repeat(limit) }));
      expect((await ask(await genuine(body))).status).toBe(413);
    });
  });
}

test("Lambda: an event of a REST gateway with its text body, and one without a body", async () => {
  const { headers } = await genuine(new TextEncoder().encode('{"ü": 1}'));
  const event = {
    body: '{"ü": 1}',
    isBase64Encoded: false,
    headers: Object.fromEntries(headers),
    multiValueHeaders: null,
    httpMethod: "POST",
    path: "/webhooks",
    multiValueQueryStringParameters: { a: ["1", "2"] },
  };
  expect(await toLambda(receiver)(event)).toMatchObject({ statusCode: 200 });
  expect(await toLambda(receiver)({ ...event, body: null })).toMatchObject({ statusCode: 401 });
  expect([version1, version2]).toHaveLength(2);
});

test("a body that does not come is answered with 408", async () => {
  const { headers } = await genuine(new Uint8Array());
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
  const init = { method: "POST", headers, body, duplex: "half" };
  const request = new Request(url, init);
  expect((await toFetch(receiver)(request)).status).toBe(408);
});

describe("a body parser before the door", () => {
  const body = new TextEncoder().encode('{"a": 1}');
  const cases: Readonly<Record<string, readonly [Door, RegExp]>> = {
    Express: [
      overHttp(express().use(express.json()).all("/webhooks", toExpress(receiver))),
      /before app\.use\(express\.json\(\)\)/,
    ],
    "Nest without rawBody": [nest(false), /rawBody: true/],
    Hono: [
      async () => {
        const app = new Hono();
        app.use(async (context, next) => {
          await context.req.raw.text();
          await next();
        });
        app.all("/webhooks", toHono(receiver));
        return { ask: async (request) => app.fetch(request) };
      },
      /c\.req\.json\(\)/,
    ],
  };

  test.each(Object.entries(cases))(
    "%s: the answer and the log say how to mend it",
    async (_name, [open, remedy]) => {
      const { ask, close } = await open();
      const response = await ask(await genuine(body));
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({
        error: "body-already-parsed",
        detail: expect.stringMatching(remedy),
      });
      expect(seen.at(-1)).toMatchObject({ reason: "body-already-parsed" });
      await close?.();
    },
  );
});
