import { generateKeyPairSync } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { crc32 } from "../src/checks/crc32.ts";
import { answerHandshake } from "../src/handshake.ts";
import { awsSns } from "../src/schemes/aws-sns.ts";
import { paypal } from "../src/schemes/paypal.ts";
import { sign } from "../src/sign.ts";
import { verify } from "../src/verify.ts";
import { webCrypto } from "../src/web-crypto.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { utf8 } from "./samples.ts";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privateKey = pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const publicKey = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
const topicArn = "arn:aws:sns:eu-west-1:123456789012:orders";
const other = "arn:aws:sns:eu-west-1:999999999999:orders";
const certificateUrl = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-example.pem";

const schemes = [
  { scheme: paypal, config: { webhookId: "WH1" }, body: '{"id":"e1","event_type":"A.B"}' },
  { scheme: awsSns, config: { topicArn }, body: "two\nlines, and Zoë" },
];

describe.each(schemes)("$scheme.name", ({ scheme, config, body }) => {
  const message = { id: "msg-1", body };

  test.each([
    ["WebCrypto", { crypto: webCrypto }],
    ["node:crypto", { crypto: nodeCrypto }],
  ])("what sign makes, verify takes, with %s", async (_, provider) => {
    const signed = await sign(scheme, message, privateKey, { config, ...provider });
    const options = { config, ...provider };
    expect(await verify(scheme, signed, publicKey, options)).toMatchObject({ kind: "verified" });
  });

  test("asks resolveKey for the certificate that the message names", async () => {
    const signed = await sign(scheme, message, privateKey, { config });
    const asked: string[] = [];
    const resolveKey = async (question: { readonly kind: string }): Promise<string> => {
      asked.push(question.kind);
      return publicKey;
    };
    expect(await verify(scheme, signed, [], { config, resolveKey })).toMatchObject({
      kind: "verified",
    });
    expect(asked).toEqual(["certificate"]);
  });

  test("tells a certificate that cannot be had from one that there is not", async () => {
    const signed = await sign(scheme, message, privateKey, { config });
    const reasonWith = async (resolveKey: () => Promise<string | undefined>): Promise<unknown> =>
      verify(scheme, signed, [], { config, resolveKey });
    expect(await reasonWith(() => Promise.reject(new Error("offline")))).toMatchObject({
      reason: "key-unavailable",
    });
    expect(await reasonWith(async () => undefined)).toMatchObject({ reason: "signature" });
  });

  test("refuses a key of another kind, and a receiver that was told too little", async () => {
    const signed = await sign(scheme, message, privateKey, { config });
    expect(await verify(scheme, signed, "secret", { config })).toMatchObject({
      reason: "bad-secret",
    });
    expect(await verify(scheme, signed, publicKey)).toMatchObject({ reason: "bad-config" });
    await expect(sign(scheme, message, privateKey)).rejects.toThrow(/config/);
    await expect(sign(scheme, message, [privateKey, privateKey], { config })).rejects.toThrow(
      /one private key/,
    );
  });
});

test.each(["", "123456789", "x".repeat(1000)])("the CRC of %j is zlib's", (text) => {
  expect(crc32(utf8(text))).toBe(zlibCrc32(text));
});

describe("paypal", () => {
  const config = { webhookId: "WH1" };

  test.each([
    "http://api.paypal.com/v1/notifications/certs/CERT-1",
    "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
    "https://api.paypal.com:444/v1/notifications/certs/CERT-1",
    "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
    "https://evilpaypal.com/v1/notifications/certs/CERT-1",
    "https://api.paypal.com/v1/notifications/certs/../../x",
    "https://api.paypal.com\\@evil.example/v1/notifications/certs/CERT-1",
  ])("never asks for %s", async (url) => {
    const signed = await sign(paypal, { id: "m", body: "{}" }, privateKey, { config });
    const headers = { ...signed.headers, "paypal-cert-url": url };
    const resolveKey = (): Promise<string> => Promise.reject(new Error("asked"));
    const verdict = await verify(paypal, { ...signed, headers }, [], { config, resolveKey });
    expect(verdict).toMatchObject({ reason: "malformed" });
  });

  test("says that the event's id is not safely signed", async () => {
    const signed = await sign(paypal, { id: "m", body: '{"id":"e1"}' }, privateKey, { config });
    expect(await verify(paypal, signed, publicKey, { config })).toMatchObject({
      eventId: "e1",
      eventIdSigned: false,
    });
  });

  test("refuses a header that came twice, and another algorithm", async () => {
    const signed = await sign(paypal, { id: "m", body: "{}" }, privateKey, { config });
    const pairs = Object.entries(signed.headers);
    for (const repeated of pairs) {
      const headers = [...pairs, repeated];
      expect(await verify(paypal, { ...signed, headers }, publicKey, { config })).toMatchObject({
        reason: "malformed",
      });
    }
    const headers = { ...signed.headers, "paypal-auth-algo": "SHA1withRSA" };
    expect(await verify(paypal, { ...signed, headers }, publicKey, { config })).toMatchObject({
      reason: "malformed",
    });
  });
});

describe("aws-sns", () => {
  const config = { topicArn };

  test("takes no bytes that moved from the message into another field", async () => {
    const inner = "a\nMessageId\nforged\nTimestamp\n2026-01-02T03:04:05Z\nTopicArn\n";
    const signed = await sign(awsSns, { id: "m1", body: inner }, privateKey, { config });
    const fields: Record<string, string> = JSON.parse(new TextDecoder().decode(signed.body));
    const tail = `\nMessageId\nm1\nTimestamp\n${fields["Timestamp"]}\nTopicArn\n${topicArn}`;
    const moved = { ...fields, Message: "a", MessageId: "forged", TopicArn: tail };
    const changed = { ...moved, Timestamp: "2026-01-02T03:04:05Z" };
    const body = JSON.stringify(changed);
    expect(await verify(awsSns, { ...signed, body }, publicKey, { config })).toMatchObject({
      reason: "malformed",
    });
  });

  test("refuses a genuine message of somebody else's topic", async () => {
    const signed = await sign(awsSns, { id: "m1", body: "x" }, privateKey, {
      config: { topicArn: other },
    });
    expect(await verify(awsSns, signed, publicKey, { config })).toMatchObject({
      reason: "signature",
    });
  });

  test.each([
    `${certificateUrl}?x=1`,
    `${certificateUrl}#.pem`,
    "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
    "https://bucket.s3.amazonaws.com/x.pem",
    "https://sns.a.b.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com/a/../x.pem",
  ])("never asks for %s", async (SigningCertURL) => {
    const template = { Type: "Notification", Message: "x", SigningCertURL };
    const body = JSON.stringify(template);
    const signed = await sign(awsSns, { id: "m1", body }, privateKey, { config });
    const resolveKey = (): Promise<string> => Promise.reject(new Error("asked"));
    expect(await verify(awsSns, signed, [], { config, resolveKey })).toMatchObject({
      reason: "malformed",
    });
  });

  const confirmation = (SubscribeURL: string): string =>
    JSON.stringify({ Type: "SubscriptionConfirmation", Message: "m", Token: "t", SubscribeURL });

  test("hands on the checked address that confirms a subscription", async () => {
    const url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";
    const message = { id: "m1", body: confirmation(url) };
    const signed = await sign(awsSns, message, privateKey, { config });
    expect(await answerHandshake(awsSns, signed, publicKey, { config })).toMatchObject({
      kind: "handshake",
      response: { status: 200 },
      effect: { kind: "confirm", url },
    });
    expect(
      await answerHandshake(awsSns, signed, publicKey, { config: { topicArn: other } }),
    ).toMatchObject({ kind: "refused", response: { status: 401 } });
  });

  test("refuses to confirm at a foreign address, and leaves notifications to verify", async () => {
    const message = { id: "m1", body: confirmation("https://sns.evil.example/?Action=x") };
    const signed = await sign(awsSns, message, privateKey, { config });
    expect(await answerHandshake(awsSns, signed, publicKey, { config })).toMatchObject({
      kind: "refused",
      rejection: { reason: "malformed" },
    });
    const plain = await sign(awsSns, { id: "m1", body: "x" }, privateKey, { config });
    expect(await answerHandshake(awsSns, plain, publicKey, { config })).toBeUndefined();
  });
});
