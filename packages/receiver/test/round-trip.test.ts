import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSecret } from "../src/secret.ts";
import { svixHeaders } from "../src/signed-content.ts";
import { sign, verify } from "./standard.ts";
import { webCrypto } from "../src/web-crypto.ts";
import { nodeCrypto } from "./node-crypto.ts";
import {
  privateKey,
  publishedPrivateKey,
  publishedPublicKey,
  sharedSecret,
  utf8,
} from "./samples.ts";

const nowSeconds = 1_767_250_382;
const at = { nowSeconds };

const schemes = [
  { version: "v1", signWith: sharedSecret(7), verifyWith: sharedSecret(7) },
  { version: "v1", signWith: sharedSecret(7, 75), verifyWith: sharedSecret(7, 75) },
  { version: "v1a", signWith: publishedPrivateKey, verifyWith: publishedPublicKey },
  { version: "v1a", signWith: privateKey(9), verifyWith: privateKey(9) },
];

const bodies = [
  ["an empty body", new Uint8Array()],
  ["a body that is not UTF-8", Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0xc3)],
  ["a body with a byte order mark", Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
  ["a body of 1 MiB", new Uint8Array(1024 * 1024).map((_, index) => index * 31)],
] as const;

describe.each(schemes)("$version", ({ version, signWith, verifyWith }) => {
  test.each(bodies)("signs and verifies %s", async (_, body) => {
    const headers = await sign({ id: "msg_1", timestampSeconds: nowSeconds, body }, signWith);
    expect(await verify(headers, body, verifyWith, at)).toEqual({
      kind: "verified",
      scheme: "standard-webhooks",
      eventId: "msg_1",
      eventIdSigned: true,
      eventType: undefined,
      timestampSeconds: nowSeconds,
      version,
      secretIndex: 0,
      body,
    });
  });

  test("signs and verifies a view into a larger buffer, and an ArrayBuffer", async () => {
    const body = utf8("..{}..").subarray(2, 4);
    const headers = await sign({ id: "msg_1", timestampSeconds: nowSeconds, body }, signWith);
    const copy = Uint8Array.from(body).buffer;
    expect(await verify(headers, copy, verifyWith, at)).toMatchObject({ kind: "verified", body });
  });

  test("verifies under svix-* names too", async () => {
    const signed = await sign({ id: "msg_1", timestampSeconds: nowSeconds, body: "{}" }, signWith);
    expect(await verify(svixHeaders(signed), "{}", verifyWith, at)).toMatchObject({
      kind: "verified",
    });
  });

  test("rejects a body in which any one bit is flipped", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        async (body, position) => {
          const headers = await sign({ id: "msg_1", timestampSeconds: nowSeconds, body }, signWith);
          const flipped = flipBit(body, position);
          expect(await verify(headers, body, verifyWith, at)).toMatchObject({ kind: "verified" });
          expect(await verify(headers, flipped, verifyWith, at)).toMatchObject({
            kind: "rejected",
            reason: "signature",
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("rejects a signature in which any one bit is flipped", async () => {
    const body = utf8('{"type":"invoice.paid"}');
    const headers = await sign({ id: "msg_1", timestampSeconds: nowSeconds, body }, signWith);
    const [, base64 = ""] = headers["webhook-signature"].split(",");
    const signature = Uint8Array.from(Buffer.from(base64, "base64"));
    for (let bit = 0; bit < signature.length * 8; bit += 1) {
      const forged = Buffer.from(flipBit(signature, bit)).toString("base64");
      const forgedHeaders = { ...headers, "webhook-signature": `${version},${forged}` };
      expect(await verify(forgedHeaders, body, verifyWith, at)).toMatchObject({
        reason: "signature",
      });
    }
  });

  test("signs the same with node:crypto, and each provider verifies the other's", async () => {
    const message = { id: "msg_1", timestampSeconds: nowSeconds, body: "{}" };
    const web = await sign(message, signWith, webCrypto);
    expect(await sign(message, signWith, nodeCrypto)).toEqual(web);
    expect(await sign(message, signWith)).toEqual(web);
    expect(await verify(web, "{}", verifyWith, { ...at, crypto: nodeCrypto })).toMatchObject({
      kind: "verified",
    });
  });
});

describe("rotation", () => {
  const oldSecret = sharedSecret(1);
  const newSecret = sharedSecret(2);
  const message = { id: "msg_1", timestampSeconds: nowSeconds, body: "{}" };

  test("a sender with two secrets is verified by a receiver that has either", async () => {
    const headers = await sign(message, [newSecret, oldSecret]);
    expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
    expect(await verify(headers, "{}", oldSecret, at)).toMatchObject({ kind: "verified" });
    expect(await verify(headers, "{}", newSecret, at)).toMatchObject({ kind: "verified" });
  });

  test("a receiver with two secrets learns which one was used", async () => {
    const headers = await sign(message, oldSecret);
    const verdict = await verify(headers, "{}", [newSecret, oldSecret], at);
    expect(verdict).toMatchObject({ kind: "verified", secretIndex: 1 });
  });

  test("v1 and v1a share the header, and each receiver checks its own", async () => {
    const headers = await sign(message, [oldSecret, publishedPrivateKey]);
    expect(await verify(headers, "{}", oldSecret, at)).toMatchObject({ version: "v1" });
    expect(await verify(headers, "{}", publishedPublicKey, at)).toMatchObject({ version: "v1a" });
  });

  test("a parsed secret is taken in place of its text", async () => {
    const parsed = parseSecret(oldSecret);
    if (parsed.kind === "malformed") throw new Error("expected a secret");
    const headers = await sign(message, parsed.secret);
    expect(await verify(headers, "{}", [newSecret, parsed.secret], at)).toMatchObject({
      secretIndex: 1,
    });
  });
});

function flipBit(bytes: Uint8Array, position: number): Uint8Array {
  const bit = position % (bytes.length * 8);
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}
