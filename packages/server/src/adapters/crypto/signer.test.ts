import {
  derivePublicKey,
  formatSecret,
  parseSecret,
  standardWebhooks,
  verify,
} from "@posthorn/receiver";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { createSigner } from "./signer.ts";

const hmac = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
const older = `whsec_${Buffer.alloc(24, 4).toString("base64")}`;
const ed25519 = `whsk_${Buffer.alloc(32, 5).toString("base64")}`;
const timestampSeconds = Math.floor(Date.now() / 1000);
const body = new TextEncoder().encode('{"price":1.10}');
const input = { id: "msg_1", timestampSeconds, body };

function headers(signature: string): Record<string, string> {
  return {
    "webhook-id": input.id,
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": signature,
  };
}

describe("a signer", () => {
  test("signs v1 as the reference library expects it", () => {
    const signed = headers(createSigner().sign([hmac], input));
    expect(new Webhook(hmac).verify(Buffer.from(body).toString(), signed)).toEqual({ price: 1.1 });
  });

  test("signs v1a as the receiver expects it", async () => {
    const signed = headers(createSigner().sign([ed25519], input));
    expect(signed["webhook-signature"]).toMatch(/^v1a,/);
    const parsed = parseSecret(ed25519);
    if (parsed.kind !== "parsed" || parsed.secret.kind !== "ed25519-private") {
      throw new Error("not a private key");
    }
    const publicKey = formatSecret(await derivePublicKey(parsed.secret));
    const verdict = await verify(standardWebhooks, { headers: signed, body }, publicKey);
    expect(verdict.kind).toBe("verified");
  });

  test("signs with each secret, in the order given, during a rotation", async () => {
    const signature = createSigner().sign([hmac, older, ed25519], input);
    expect(signature.split(" ").map((part) => part.split(",")[0])).toEqual(["v1", "v1", "v1a"]);
    for (const secret of [hmac, older]) {
      expect(
        (await verify(standardWebhooks, { headers: headers(signature), body }, secret)).kind,
      ).toBe("verified");
    }
  });

  test("makes the same signature again after it forgot the key", () => {
    const signer = createSigner(1);
    const first = signer.sign([hmac], input);
    signer.sign([older], input);
    expect(signer.sign([hmac], input)).toBe(first);
  });

  test("signs a body that is not UTF-8 by its bytes", async () => {
    const raw = Uint8Array.of(0xff, 0xfe, 0x00, 0x80);
    const signature = createSigner().sign([hmac], { ...input, body: raw });
    expect(
      (await verify(standardWebhooks, { headers: headers(signature), body: raw }, hmac)).kind,
    ).toBe("verified");
  });

  test("names no secret when it cannot use one", () => {
    const signer = createSigner();
    expect(() => signer.sign(["whsec_short"], input)).toThrow(/unusable/);
    expect(() => signer.sign(["whsec_short"], input)).not.toThrow(/whsec_short/);
    expect(() => signer.sign([], input)).toThrow("no secret");
  });
});
