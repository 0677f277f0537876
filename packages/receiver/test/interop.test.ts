import { sign as signAsGithub, verify as verifyAsGithub } from "@octokit/webhooks-methods";
import { Webhook as StandardWebhook } from "standardwebhooks";
import Stripe from "stripe";
import { Webhook as SvixWebhook } from "svix";
import { Webhook as Svix1Webhook } from "svix1";
import { describe, expect, test } from "vitest";
import { generateSecret } from "../src/generate.ts";
import { github } from "../src/schemes/github.ts";
import { stripe } from "../src/schemes/stripe.ts";
import { sign as signScheme } from "../src/sign.ts";
import { svixHeaders } from "../src/signed-content.ts";
import { verify as verifyScheme } from "../src/verify.ts";
import { sign, verify } from "./standard.ts";
import { publishedPrivateKey } from "./samples.ts";

const libraries = [
  ["standardwebhooks", StandardWebhook],
  ["svix", SvixWebhook],
  ["svix 1", Svix1Webhook],
] as const;

const body = '{"type":"contact.updated","data":{"name":"Žofie 🦊"}}';

// Their verify reads the machine's clock, so these signatures carry the present time.
describe.each(libraries)("with %s", (_, Webhook) => {
  test("what we sign, it verifies", async () => {
    const secret = generateSecret();
    const headers = await sign({ id: "msg_1", body }, secret);
    expect(() => new Webhook(secret).verify(body, { ...headers })).not.toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, { ...headers })).toThrow("No matching");
  });

  test("a v1a signature beside the v1 does not disturb it", async () => {
    const secret = generateSecret();
    const headers = await sign({ id: "msg_1", body }, [publishedPrivateKey, secret]);
    expect(() => new Webhook(secret).verify(body, { ...headers })).not.toThrow();
  });

  test("what it signs, we verify", async () => {
    const secret = generateSecret();
    const now = new Date();
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign("msg_1", now, body),
    };
    expect(await verify(headers, body, secret)).toMatchObject({
      kind: "verified",
      eventId: "msg_1",
    });
    expect(await verify(headers, `${body} `, secret)).toMatchObject({ kind: "rejected" });
  });
});

test.each(libraries.slice(1))("%s verifies our svix-* headers", async (_, Webhook) => {
  const secret = generateSecret();
  const headers = svixHeaders(await sign({ id: "msg_1", body }, secret));
  expect(() => new Webhook(secret).verify(body, { ...headers })).not.toThrow();
});

describe("with @octokit/webhooks-methods", () => {
  test("what we sign, it verifies", async () => {
    const { headers } = await signScheme(github, { body }, "s3cret");
    const signature = headers["x-hub-signature-256"] ?? "";
    expect(await verifyAsGithub("s3cret", body, signature)).toBe(true);
    expect(await verifyAsGithub("s3cret", `${body} `, signature)).toBe(false);
  });

  test("what it signs, we verify", async () => {
    const headers = { "x-hub-signature-256": await signAsGithub("s3cret", body) };
    expect(await verifyScheme(github, { headers, body }, "s3cret")).toMatchObject({
      kind: "verified",
    });
    expect(await verifyScheme(github, { headers, body: `${body} ` }, "s3cret")).toMatchObject({
      reason: "signature",
    });
  });
});

describe("with stripe", () => {
  const secret = "whsec_s3cret";
  const event = '{"id":"evt_1","object":"event","type":"invoice.paid"}';
  const { webhooks } = new Stripe("sk_test_x");

  test("what we sign, it verifies, also during a rotation", async () => {
    for (const secrets of [secret, ["whsec_other", secret]]) {
      const { headers } = await signScheme(stripe, { body: event }, secrets);
      const signature = headers["stripe-signature"] ?? "";
      expect(webhooks.constructEvent(event, signature, secret)).toMatchObject({ id: "evt_1" });
      expect(() => webhooks.constructEvent(`${event} `, signature, secret)).toThrow("signature");
    }
  });

  test("what it signs, we verify", async () => {
    const header = webhooks.generateTestHeaderString({ payload: event, secret });
    const headers = { "stripe-signature": header };
    expect(await verifyScheme(stripe, { headers, body: event }, secret)).toMatchObject({
      kind: "verified",
      eventId: "evt_1",
    });
    expect(await verifyScheme(stripe, { headers, body: `${event} ` }, secret)).toMatchObject({
      reason: "signature",
    });
  });
});
