import { createHmac } from "node:crypto";
import { createServer, request as httpRequest } from "node:http";
import { describe, expect, test } from "vitest";
import type * as VerifyOrThrow from "../src/verify-or-throw.ts";
import type { RejectionReason } from "../src/verdict.ts";
import {
  formatSignature,
  signedBytes,
  signedPrefix,
  webhookHeaders,
} from "../src/signed-content.ts";
import {
  isWebhookVerificationError,
  verifyOrThrow,
  WebhookVerificationError,
} from "../src/verify-or-throw.ts";
import { standardWebhooks } from "../src/schemes/standard-webhooks.ts";
import { verifyRequest } from "../src/verify.ts";
import { keyOf, publishedPrivateKey, publishedPublicKey, sharedSecret, utf8 } from "./samples.ts";
import { sign, verify } from "./standard.ts";

const nowSeconds = 1_767_250_382;
const at = { nowSeconds };
const secret = sharedSecret(7);
const body = '{"type":"invoice.paid"}';
const genuine = await sign({ id: "msg_1", timestampSeconds: nowSeconds, body }, secret);
const [, signatureText = ""] = genuine["webhook-signature"].split(",");

type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

const rejections: readonly (readonly [RejectionReason, string, Changes])[] = [
  ["missing-header", "no id", { "webhook-id": undefined }],
  ["missing-header", "a blank timestamp", { "webhook-timestamp": "  " }],
  ["missing-header", "no signature", { "webhook-signature": undefined }],
  ["malformed", "a full stop in the id", { "webhook-id": "msg.1" }],
  ["malformed", "a joined repeat of the id", { "webhook-id": "msg_1, msg_1" }],
  ["malformed", "a repeated id", { "webhook-id": ["msg_1", "msg_1"] }],
  ["malformed", "a signed timestamp", { "webhook-timestamp": `+${nowSeconds}` }],
  ["malformed", "a hexadecimal timestamp", { "webhook-timestamp": "0x69560000" }],
  ["malformed", "a fraction of zero", { "webhook-timestamp": `${nowSeconds}.0` }],
  ["malformed", "an exponent", { "webhook-timestamp": "1e9" }],
  ["malformed", "a number beyond 2^53", { "webhook-timestamp": "9".repeat(17) }],
  ["malformed", "a repeat", { "webhook-timestamp": ["1767250382", "1767250382"] }],
  ["malformed", "a repeat", { "webhook-signature": [`v1,${signatureText}`, "v1,x"] }],
  ["malformed", "a joined repeat", { "webhook-signature": `v1,AAAA, v1,${signatureText}` }],
  ["malformed", "no version", { "webhook-signature": signatureText }],
  ["malformed", "no base64", { "webhook-signature": "v1,####" }],
  ["malformed", "33 entries", { "webhook-signature": `v1,${signatureText} `.repeat(33) }],
  ["malformed", "a huge entry", { "webhook-signature": `v1,${"A".repeat(1 << 20)}` }],
  ["signature", "a later version", { "webhook-signature": `v2,${signatureText}` }],
  ["signature", "an asymmetric signature", { "webhook-signature": `v1a,${signatureText}` }],
  ["signature", "another id", { "webhook-id": "msg_2" }],
  ["signature", "another time", { "webhook-timestamp": String(nowSeconds - 1) }],
];

describe("verify", () => {
  test.each(rejections)("answers %s for %s", async (reason, _, changes) => {
    const headers = { ...genuine, ...changes };
    const verdict = await verify(headers, body, secret, at);
    expect(verdict).toMatchObject({ kind: "rejected", reason });
  });

  test.each([
    [-300, "verified"],
    [300, "verified"],
    [-301, "timestamp"],
    [301, "timestamp"],
  ])("with the clock %i s off by the default tolerance: %s", async (offset, expected) => {
    const verdict = await verify(genuine, body, secret, { nowSeconds: nowSeconds + offset });
    expect(verdict.kind === "verified" ? verdict.kind : verdict.reason).toBe(expected);
  });

  test("a tolerance of zero allows no second, and Infinity allows any", async () => {
    const next = { nowSeconds: nowSeconds + 1 };
    expect(await verify(genuine, body, secret, { ...next, toleranceSeconds: 0 })).toMatchObject({
      reason: "timestamp",
    });
    const years = { nowSeconds: nowSeconds * 2, toleranceSeconds: Number.POSITIVE_INFINITY };
    expect(await verify(genuine, body, secret, years)).toMatchObject({ kind: "verified" });
  });

  test.each([
    { toleranceSeconds: Number.NaN },
    { toleranceSeconds: -1 },
    { nowSeconds: Number.NaN },
  ])("throws for %o, which would let every age pass or none", async (options) => {
    await expect(verify(genuine, body, secret, { ...at, ...options })).rejects.toThrow(TypeError);
  });

  test("takes one spelling of a signature only", async () => {
    // The last character before the padding carries two bits that decode to nothing.
    const last = signatureText.at(-2) ?? "";
    const next = String.fromCharCode(last.charCodeAt(0) + 1);
    const respelled = `${signatureText.slice(0, -2)}${next}=`;
    expect(Buffer.from(respelled, "base64")).toEqual(Buffer.from(signatureText, "base64"));
    const headers = { ...genuine, "webhook-signature": `v1,${respelled}` };
    expect(await verify(headers, body, secret, at)).toMatchObject({ kind: "rejected" });
  });

  test("a forged old request learns of its signature only, not of the clock", async () => {
    const verdict = await verify(genuine, "{}", secret, { nowSeconds: nowSeconds + 9999 });
    expect(verdict).toMatchObject({ reason: "signature" });
  });

  test("checks a timestamp as it is spelled", async () => {
    const timestamp = `0${nowSeconds}`;
    const mac = createHmac("sha256", keyOf(secret))
      .update(`msg_1.${timestamp}.{}`)
      .digest("base64");
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": timestamp,
      "webhook-signature": `v1,${mac}`,
    };
    expect(await verify(headers, "{}", secret, at)).toMatchObject({ timestampSeconds: nowSeconds });
  });

  test.each([
    ["a parsed object", { type: "invoice.paid" }],
    ["nothing", undefined],
    ["null", null],
    ["text with a lone surrogate", "\ud800"],
  ])("answers body-already-parsed for %s", async (_, given) => {
    // @ts-expect-error: untyped callers pass what their framework left of the body.
    const verdict = await verify(genuine, given, secret, at);
    expect(verdict).toMatchObject({ kind: "rejected", reason: "body-already-parsed" });
  });

  test.each([
    ["none", [], "at least one"],
    ["an empty one", "", "environment variable"],
    ["a bad one beside a good one", [secret, `${secret}\n`], "Secret 2 of 2"],
  ])("answers bad-secret for %s, and says why", async (_, secrets, hint) => {
    const verdict = await verify(genuine, body, secrets, at);
    expect(verdict).toMatchObject({ reason: "bad-secret", detail: expect.stringContaining(hint) });
  });

  test("answers bad-secret for an unset environment variable", async () => {
    // @ts-expect-error: process.env.X is undefined in untyped code.
    const verdict = await verify(genuine, body, undefined, at);
    expect(verdict).toMatchObject({ reason: "bad-secret" });
  });

  test("tells a v1a sender's receiver which key to give", async () => {
    const asymmetric = await sign(
      { id: "msg_1", timestampSeconds: nowSeconds, body },
      publishedPrivateKey,
    );
    const verdict = await verify(asymmetric, body, secret, at);
    expect(verdict).toMatchObject({
      reason: "signature",
      detail: expect.stringContaining("whpk_"),
    });
  });

  test("never uses a public key as a shared secret", async () => {
    const mac = createHmac("sha256", keyOf(publishedPublicKey))
      .update(`msg_1.${nowSeconds}.{}`)
      .digest();
    const headers = webhookHeaders("msg_1", nowSeconds, [formatSignature("v1", mac)]);
    expect(await verify(headers, "{}", publishedPublicKey, at)).toMatchObject({ kind: "rejected" });
  });

  test("no detail repeats the secret, the signature or the body", async () => {
    for (const [, , changes] of rejections) {
      const verdict = await verify({ ...genuine, ...changes }, body, secret, at);
      expect(JSON.stringify(verdict)).not.toContain(signatureText.slice(0, 12));
      expect(JSON.stringify(verdict)).not.toContain(secret.slice(6, 18));
      expect(JSON.stringify(verdict)).not.toContain("invoice.paid");
    }
  });
});

describe("headers are taken as", () => {
  test.each([
    ["a Headers", new Headers(genuine)],
    ["pairs", Object.entries(genuine)],
    ["a Map", new Map(Object.entries(genuine))],
    [
      "a record in any letter case",
      {
        "Webhook-Id": genuine["webhook-id"],
        "WEBHOOK-TIMESTAMP": genuine["webhook-timestamp"],
        "webhook-Signature": genuine["webhook-signature"],
      },
    ],
    [
      "a record of lists",
      Object.fromEntries(Object.entries(genuine).map(([name, value]) => [name, [value]])),
    ],
    ["a Request", new Request("https://example.com", { method: "POST", headers: genuine })],
    ["a record that has a header called headers", { ...genuine, headers: "x" }],
    ["the same, as a list", { ...genuine, headers: ["x"] }],
  ])("%s", async (_, from) => {
    expect(await verify(from, body, secret, at)).toMatchObject({ kind: "verified" });
  });

  test("a request of Node's http server", async () => {
    const kind = await new Promise<string>((resolve, reject) => {
      const server = createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          response.end();
          server.close();
          verify(incoming, Buffer.concat(chunks), secret, at).then((v) => resolve(v.kind), reject);
        });
      });
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        if (address === null || typeof address === "string") throw new Error("expected a port");
        const target = { host: "127.0.0.1", port: address.port, method: "POST", headers: genuine };
        httpRequest(target, (answer) => answer.resume())
          .on("error", reject)
          .end(body);
      });
    });
    expect(kind).toBe("verified");
  });
});

describe("verifyRequest", () => {
  const request = (): Request =>
    new Request("https://example.com", { method: "POST", headers: genuine, body });

  test("reads the bytes and hands them on", async () => {
    const verdict = await verifyRequest(standardWebhooks, request(), secret, at);
    expect(verdict).toMatchObject({ kind: "verified", body: utf8(body) });
  });

  test("says so when the body was read before", async () => {
    const read = request();
    await read.json();
    expect(await verifyRequest(standardWebhooks, read, secret, at)).toMatchObject({
      reason: "body-already-parsed",
    });
  });
});

describe("verifyOrThrow", () => {
  test("returns what was verified", async () => {
    expect(
      await verifyOrThrow(standardWebhooks, { headers: genuine, body }, secret, at),
    ).toMatchObject({ eventId: "msg_1" });
  });

  test("throws an error with code and reason that another copy of the package recognises", async () => {
    const error: unknown = await verifyOrThrow(
      standardWebhooks,
      { headers: genuine, body: "{}" },
      secret,
      at,
    ).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WebhookVerificationError);
    expect(error).toMatchObject({ code: "ERR_WEBHOOK_VERIFICATION", reason: "signature" });

    const copyUrl = `${new URL("../src/verify-or-throw.ts", import.meta.url).href}?copy`;
    const copy: typeof VerifyOrThrow = await import(copyUrl);
    expect(copy.WebhookVerificationError).not.toBe(WebhookVerificationError);
    expect(copy.isWebhookVerificationError(error)).toBe(true);
    expect(isWebhookVerificationError(new Error("other"))).toBe(false);
    expect(isWebhookVerificationError(null)).toBe(false);
  });
});

describe("the synchronous way to sign", () => {
  test("makes the headers that sign makes", () => {
    const mac = createHmac("sha256", keyOf(secret))
      .update(signedPrefix("msg_1", nowSeconds))
      .update(body)
      .digest();
    expect(webhookHeaders("msg_1", nowSeconds, [formatSignature("v1", mac)])).toEqual(genuine);
  });

  test("signedBytes is the prefix and the body", () => {
    expect(signedBytes("msg_1", 5, Uint8Array.of(0xff))).toEqual(
      Uint8Array.of(...utf8("msg_1.5."), 0xff),
    );
  });

  test.each([
    ["a.b", 5],
    ["", 5],
    ["a b", 5],
    ["ä", 5],
    ["a", 5.5],
    ["a", -1],
    ["a", Number.NaN],
  ])("refuses to sign for the id %j and the timestamp %d", (id, timestampSeconds) => {
    expect(() => signedPrefix(id, timestampSeconds)).toThrow(TypeError);
  });
});

describe("sign", () => {
  test.each([
    ["no secret", []],
    ["a public key", publishedPublicKey],
    ["a broken secret", "whsec_short"],
  ])("throws for %s", async (_, secrets) => {
    await expect(sign({ id: "msg_1", body }, secrets)).rejects.toThrow(TypeError);
  });

  test("throws for a parsed body", async () => {
    // @ts-expect-error: untyped callers pass objects.
    await expect(sign({ id: "msg_1", body: { a: 1 } }, secret)).rejects.toThrow("bytes or text");
  });
});
