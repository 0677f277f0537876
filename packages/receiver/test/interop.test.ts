import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { Webhook as Svix1Webhook } from "svix1";
import { describe, expect, test } from "vitest";
import { generateSecret } from "../src/generate.ts";
import { svixHeaders } from "../src/signed-content.ts";
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
