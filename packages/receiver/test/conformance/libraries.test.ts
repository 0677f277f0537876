import { createNodeMiddleware, Webhooks } from "@octokit/webhooks";
import express from "express";
import Stripe from "stripe";
import { expect, onTestFinished, test, vi } from "vitest";
import { checkReceiver } from "../../src/conformance/index.ts";
import { toExpress } from "../../src/doors/express.ts";
import { createReceiver, github, memoryInbox, slack, stripe } from "../../src/index.ts";
import { of, serve } from "./kit.ts";

vi.setConfig({ testTimeout: 120_000 });

const secret = "a-secret-of-the-tests";
const skip = ["slow-body", "handled-once"];

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test("the middleware of @octokit/webhooks: 500 for null, and no limit for bodies", async () => {
  const webhooks = new Webhooks({ secret, log: silent });
  const middleware = createNodeMiddleware(webhooks, { path: "/webhooks", log: silent });
  const url = await serve(middleware, onTestFinished);
  const report = await checkReceiver({ url, scheme: github, secret, skip });
  expect(of(report, "bad")).toEqual({
    "no-json": expect.stringMatching(/^the JSON value null: It failed: 500/),
    "endless-body": expect.stringMatching(/^With its length: It read all 32 MiB[^]+And 1 more\.$/),
  });
  expect(of(report, "note")).toEqual({});
  expect(of(report, "good")).toHaveProperty("raw-bytes");

  // What was said of it, by hand.
  const { status } = await send(url, "null", "c".repeat(8));
  expect(status).toBe(500);
});

test("the middleware of @octokit/webhooks handles what comes again, again", async () => {
  let handled = 0;
  const webhooks = new Webhooks({ secret, log: silent });
  webhooks.onAny(() => void (handled += 1));
  const middleware = createNodeMiddleware(webhooks, { path: "/webhooks", log: silent });
  const url = await serve(middleware, onTestFinished);
  const countUrl = await serve((_, response) => response.end(String(handled)), onTestFinished);
  const only = ["handled-once", "new-id"];
  const options = { url, scheme: github, secret, only, countUrl, concurrency: 4 };
  const report = await checkReceiver(options);
  expect(of(report, "bad")).toEqual({ "handled-once": "Sent 5 times, handled 5 times." });
  expect(of(report, "note")).toEqual({ "new-id": "Sent 2 times, handled 2 times." });
});

async function send(url: string, body: string, id: string): Promise<Response> {
  const { sign } = await import("@octokit/webhooks-methods");
  const headers = {
    "content-type": "application/json",
    "x-github-delivery": id,
    "x-github-event": "ping",
    "x-hub-signature-256": await sign(secret, body),
  };
  return fetch(url, { method: "POST", headers, body });
}

test("stripe's constructEvent behind express.raw: takes the future, and Express shows its stack", async () => {
  const client = new Stripe("sk_test_of_the_tests");
  const app = express();
  app.post("/webhooks", express.raw({ type: "*/*" }), (request, response) => {
    const body: unknown = request.body;
    try {
      if (!(body instanceof Buffer)) throw new TypeError("There is no body.");
      client.webhooks.constructEvent(body, request.headers["stripe-signature"] ?? "", secret);
      response.json({ received: true });
    } catch {
      response.status(400).send("Not genuine.");
    }
  });
  const url = await serve(app, onTestFinished);
  const report = await checkReceiver({ url, scheme: stripe, secret, skip });
  expect(of(report, "bad")).toEqual({
    leaks: expect.stringMatching(
      /^The answer to a genuine delivery of 2 MiB holds a stack trace\./,
    ),
  });
  expect(of(report, "note")).toEqual({
    "two-signatures": expect.stringMatching(/^It took the one that fits: 200/),
    future: expect.stringMatching(/^Accepted: 200/),
    "large-body": expect.stringMatching(/^413/),
  });

  // What was said of it, by hand.
  const hourAhead = Math.floor(Date.now() / 1000) + 3600;
  const header = client.webhooks.generateTestHeaderString({
    payload: "{}",
    secret,
    timestamp: hourAhead,
  });
  expect(client.webhooks.constructEvent("{}", header, secret)).toEqual({});
});

test("this package's door in Express has no fault", async () => {
  const receiver = createReceiver({
    scheme: slack,
    secrets: secret,
    inbox: memoryInbox(),
    bodyTimeoutMs: 5000,
    onNotice: () => {},
    on: { "*": () => {} },
  });
  onTestFinished(() => receiver.stop());
  const app = express().all("/webhooks", toExpress(receiver));
  const url = await serve(app, onTestFinished);
  const report = await checkReceiver({
    url,
    scheme: slack,
    secret,
    skip: ["handled-once", "new-id"],
  });
  expect(of(report, "bad")).toEqual({});
  expect(report.counts).toEqual({ good: report.checks.length, bad: 0, note: 0, skipped: 0 });
});

test("a body parser in front of the door is found by what it breaks", async () => {
  const receiver = createReceiver({
    scheme: github,
    secrets: secret,
    inbox: memoryInbox(),
    onNotice: () => {},
    on: { "*": () => {} },
  });
  onTestFinished(() => receiver.stop());
  const app = express().use(express.json()).all("/webhooks", toExpress(receiver));
  const url = await serve(app, onTestFinished);
  const report = await checkReceiver({ url, scheme: github, secret, only: ["genuine"] });
  expect(of(report, "bad")).toEqual({ genuine: expect.stringMatching(/^Not accepted: 500/) });
  expect(report.checks[0]?.trials[0]?.answer).toMatchObject({
    excerpt: expect.stringContaining("body-already-parsed"),
  });
});
