import { expect, test } from "vitest";
import { custom } from "../src/custom.ts";
import { sign } from "../src/sign.ts";
import { verify } from "../src/verify.ts";

const nowSeconds = 1_767_250_382;
const shop = custom({
  name: "our-shop",
  check: {
    kind: "hmac",
    hash: "SHA-512",
    signature: { header: "X-Shop-Signature", prefix: "v1=", encoding: "base64url" },
    timestamp: { header: "X-Shop-Time", unit: "milliseconds" },
    content: "{method} {url} {timestamp}\n{body}",
  },
  event: { id: { json: "id" }, type: { header: "x-shop-event" } },
  toleranceSeconds: 60,
});
const message = {
  type: "order.paid",
  body: '{"id":7}',
  url: "https://example.com/in",
  timestampSeconds: nowSeconds,
};

test("a described scheme signs and verifies", async () => {
  const signed = await sign(shop, message, "secret");
  expect(signed.headers["x-shop-signature"]).toMatch(/^v1=[\w-]{86}$/);
  expect(await verify(shop, signed, "secret", { nowSeconds: nowSeconds + 60 })).toMatchObject({
    kind: "verified",
    scheme: "our-shop",
    eventId: "7",
    eventIdSigned: true,
    eventType: "order.paid",
    timestampSeconds: nowSeconds,
  });
  const elsewhere = { ...signed, url: "https://example.com/other" };
  expect(await verify(shop, elsewhere, "secret", { nowSeconds })).toMatchObject({
    reason: "signature",
  });
  expect(await verify(shop, signed, "secret", { nowSeconds: nowSeconds + 61 })).toMatchObject({
    reason: "timestamp",
    diagnosis: { kind: "clock", offsetSeconds: 61 },
  });
  const { url: _, ...nowhere } = signed;
  expect(await verify(shop, nowhere, "secret", { nowSeconds })).toMatchObject({
    reason: "bad-config",
  });
});

test("a signed time needs a tolerance, and a content known fields", () => {
  const signature = { header: "x-sig", encoding: "hex" } as const;
  const timestamp = { header: "x-time", unit: "seconds" } as const;
  expect(() =>
    custom({ name: "x", check: { kind: "hmac", hash: "SHA-256", signature, timestamp } }),
  ).toThrow("toleranceSeconds");
  expect(() =>
    custom({ name: "x", check: { kind: "hmac", hash: "SHA-256", signature, content: "{nope}" } }),
  ).toThrow("{nope}");
});
