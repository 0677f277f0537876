import { expect, onTestFinished, test, vi } from "vitest";
import { checkReceiver } from "../../src/conformance/index.ts";
import { toNode } from "../../src/doors/node.ts";
import { createReceiver, custom, memoryInbox } from "../../src/index.ts";
import type { Scheme, SchemeConfig } from "../../src/index.ts";
import * as schemes from "../../src/schemes/index.ts";
import { keysOf } from "../key-pairs.ts";
import { of, serve } from "./kit.ts";

vi.setConfig({ testTimeout: 120_000 });

const plainSecret = "a-secret-of-the-tests-1234567890";

const config: SchemeConfig = {
  verifyToken: "token-of-the-tests",
  topic: "https://feeds.example/all",
  topicArn: "arn:aws:sns:eu-central-1:123456789012:tests",
  webhookId: "WH-TESTS",
  allowedOrigins: "provider.example",
  publicKeyId: "key-id",
};

const publicUrl = "https://hooks.example.com/in/provider";

/** Longer than a busy machine takes. */
const patienceMs = 30_000;

/** What is tried, and found good, whatever the scheme is. */
const always = [
  "genuine",
  "header-case",
  "wrong-signature",
  "other-secret",
  "missing-signature",
  "cut-signature",
  "gzip",
  "duplicate",
  "concurrent-duplicates",
  "handled-once",
  "reordered",
  "other-methods",
  "chunked",
  "half-sent",
  "survives",
  "in-time",
  "leaks",
  "redirects",
];

/** Their signature covers fields, or decoded ones, and no bytes. */
const overFields = new Set(["aws-sns", "braintree", "mandrill", "plivo", "twilio"]);

function wanted(scheme: Scheme): string[] {
  const bodyChecks = overFields.has(scheme.name)
    ? ["tampered-body"]
    : ["tampered-body", "reserialised-body"];
  const timeChecks = ["stale", "future"];
  return [
    ...always,
    ...(scheme.check.coversBody ? bodyChecks : []),
    ...(Number.isFinite(scheme.defaultToleranceSeconds) ? timeChecks : []),
  ];
}

// They mostly wait, for counts that stand still.
test.concurrent.for(Object.values(schemes))(
  "a receiver of $name has no fault",
  async (scheme, { expect, onTestFinished }) => {
    const { signWith, verifyWith } = keysOf(scheme, plainSecret);
    let handled = 0;
    const receiver = createReceiver({
      scheme,
      secrets: verifyWith,
      inbox: memoryInbox(),
      verification: { config },
      publicUrl,
      answerWithinMs: patienceMs,
      onNotice: () => {},
      on: { "*": () => void (handled += 1) },
    });
    onTestFinished(() => receiver.stop());
    const url = await serve(toNode(receiver), onTestFinished);
    const countUrl = await serve((_, response) => response.end(String(handled)), onTestFinished);
    const secret = signWith;
    const report = await checkReceiver({
      url,
      scheme,
      secret,
      config,
      publicUrl,
      countUrl,
      // The same in every scheme, and the heaviest: below, of one.
      skip: ["endless-body", "slow-body"],
      deadlineMs: patienceMs,
    });
    expect(of(report, "bad")).toEqual({});
    // Where the provider sets no limit, a day is no fault.
    const notes = Object.keys(of(report, "note"));
    expect(notes.filter((name) => name !== "stale" && name !== "future")).toEqual([]);
    expect(Object.keys(of(report, "good"))).toEqual(expect.arrayContaining(wanted(scheme)));
    expect(JSON.stringify(report)).not.toContain(secret);
  },
);

test("each question of a provider is asked, and answered", async () => {
  const asked = Object.values(schemes).filter(({ handshake }) => handshake !== undefined);
  const answered: string[] = [];
  for (const scheme of asked) {
    const { signWith, verifyWith } = keysOf(scheme, plainSecret);
    const receiver = createReceiver({
      scheme,
      secrets: verifyWith,
      inbox: memoryInbox(),
      verification: { config },
      publicUrl,
      background: false,
      onNotice: () => {},
      on: { "*": () => {} },
    });
    const url = await serve(toNode(receiver), onTestFinished);
    const only = ["handshake", "forged-handshake"];
    const report = await checkReceiver({ url, scheme, secret: signWith, config, publicUrl, only });
    expect(of(report, "bad")).toEqual({});
    if (report.counts.good > 0) answered.push(scheme.name);
  }
  // Not those of Amazon SNS, Mandrill, Adyen and Lark, which are no question with a challenge of ours.
  expect(answered).toEqual([
    "asana",
    "cloudevents",
    "discord",
    "dropbox",
    "meta",
    "microsoft-graph",
    "notion",
    "okta",
    "slack",
    "strava",
    "trello",
    "twitch",
    "websub",
    "x-twitter",
    "zoom",
  ]);
});

test("a scheme of one's own is played like any other", async () => {
  const scheme = custom({
    name: "acme",
    check: {
      kind: "hmac",
      hash: "SHA-256",
      signature: { header: "X-Acme-Signature", encoding: "base64" },
      timestamp: { header: "X-Acme-Time", unit: "milliseconds" },
      content: "{timestamp}.{body}",
    },
    event: { id: { json: "event.id" }, type: { header: "x-acme-type" } },
    toleranceSeconds: 60,
    answerWithinMs: patienceMs,
  });
  const secret = "a-secret-of-the-tests";
  const receiver = createReceiver({
    scheme,
    secrets: secret,
    inbox: memoryInbox(),
    onNotice: () => {},
    on: { "*": () => {} },
  });
  onTestFinished(() => receiver.stop());
  const url = await serve(toNode(receiver), onTestFinished);
  const report = await checkReceiver({ url, scheme, secret, skip: ["slow-body"] });
  expect(of(report, "bad")).toEqual({});
  const found = Object.keys(of(report, "good"));
  expect(found).toEqual(expect.arrayContaining(["genuine", "stale", "future", "unknown-type"]));
});
