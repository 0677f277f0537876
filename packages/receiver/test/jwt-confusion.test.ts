import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fusionauth } from "../src/schemes/fusionauth.ts";
import type { Jwk, SecretInput } from "../src/secret-input.ts";
import { sign } from "../src/sign.ts";
import { verify } from "../src/verify.ts";

const body = '{"event":{"id":"e1","type":"user.create"}}';
const request_body_sha256 = createHash("sha256").update(body).digest("base64");

/** What somebody sends who knows the public key alone, and takes its text for a shared secret. */
function forge(key: string | Uint8Array): Readonly<Record<string, string>> {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256" })}.${part({ request_body_sha256 })}`;
  const signature = createHmac("sha256", key).update(text).digest("base64url");
  return { "x-fusionauth-signature-jwt": `${text}.${signature}` };
}

const pairs = [
  generateKeyPairSync("rsa", { modulusLength: 2048 }),
  generateKeyPairSync("ec", { namedCurve: "P-256" }),
  generateKeyPairSync("ed25519"),
];

const forms = pairs.flatMap(({ publicKey }) => {
  const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
  const jwk: Jwk = JSON.parse(JSON.stringify(publicKey.export({ format: "jwk" })));
  const texts = [pem, ` ${pem}`, JSON.stringify(jwk), JSON.stringify({ keys: [jwk] })];
  const given: readonly SecretInput[] = [...texts, jwk, { keys: [jwk] }];
  return given.map((key) => ({
    kind: publicKey.asymmetricKeyType,
    key,
    text: typeof key === "string" ? key : JSON.stringify(key),
  }));
});

describe("a public key is never taken for a shared secret", () => {
  test.each(forms)("$kind: $text", async ({ key, text }) => {
    for (const forged of [text, text.trim()]) {
      expect(await verify(fusionauth, { headers: forge(forged), body }, key)).toMatchObject({
        reason: "signature",
      });
    }
  });

  test.each(pairs.slice(0, 2).map(({ publicKey }) => ({ publicKey })))(
    "bare SubjectPublicKeyInfo $publicKey.asymmetricKeyType",
    async ({ publicKey }) => {
      const der = Uint8Array.from(publicKey.export({ format: "der", type: "spki" }));
      const base64 = Buffer.from(der).toString("base64");
      for (const key of [der, base64]) {
        expect(await verify(fusionauth, { headers: forge(key), body }, key)).toMatchObject({
          reason: "signature",
        });
      }
    },
  );
});

test("a shared secret of 32 bytes in hex stays one", async () => {
  const secret = "ab".repeat(32);
  const signed = await sign(fusionauth, { id: "m", body }, secret);
  expect(await verify(fusionauth, signed, secret)).toMatchObject({
    kind: "verified",
    eventId: "e1",
  });
});
