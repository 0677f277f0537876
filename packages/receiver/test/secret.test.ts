import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../src/bytes.ts";
import { derivePublicKey, generateSecret, generateSigningKey } from "../src/generate.ts";
import { formatSecret, parseSecret } from "../src/secret.ts";
import type { Secret } from "../src/secret.ts";
import { webCrypto } from "../src/web-crypto.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { publishedPrivateKey, publishedPublicKey, sharedSecret, utf8 } from "./samples.ts";

function parsed(text: string): Secret {
  const result = parseSecret(text);
  if (result.kind === "malformed") throw new Error(result.detail);
  return result.secret;
}

describe("parseSecret", () => {
  test("takes shared secrets of 24 to 75 bytes and writes them back", () => {
    for (let bytes = 24; bytes <= 75; bytes += 1) {
      const text = sharedSecret(0xfb, bytes);
      expect(parsed(text)).toEqual({ kind: "hmac", key: new Uint8Array(bytes).fill(0xfb) });
      expect(formatSecret(parsed(text))).toBe(text);
    }
  });

  test("takes a shared secret without prefix or padding, and writes it in full", () => {
    const text = sharedSecret(5, 25);
    expect(formatSecret(parsed(text.replace("whsec_", "")))).toBe(text);
    expect(formatSecret(parsed(text.replace(/=+$/, "")))).toBe(text);
  });

  test.each([publishedPrivateKey, publishedPublicKey, `whsk_${btoa("s".repeat(32))}`])(
    "takes the key %#, and writes it back",
    (text) => {
      expect(formatSecret(parsed(text))).toBe(text);
    },
  );

  const good = sharedSecret(7);
  test.each([
    ["empty", "", "environment variable"],
    ["empty", " \n", "environment variable"],
    ["whitespace", `${good}\n`, "newline"],
    ["whitespace", ` ${good}`, "white space"],
    ["whitespace", `${good.slice(0, 20)}\n${good.slice(20)}`, "wrapped"],
    ["unknown-prefix", good.replace("whsec_", "sk_"), "API key"],
    ["unknown-prefix", good.replace("whsec_", "WHSEC_"), "lower case"],
    ["not-base64", good.replace("whsec_", "whsec_whsec_"), "twice"],
    ["not-base64", `whsec_${"-_".repeat(20)}`, "base64url"],
    ["not-base64", `"${good}"`, "quotation marks"],
    ["not-base64", `${good.slice(0, -4)}…`, "ellipsis"],
    ["not-base64", `whsec_${"A".repeat(33)}`, "cut end"],
    ["not-base64", "whsk_####", "not base64"],
    ["not-base64", "whpk_####", "not base64"],
    ["too-short", sharedSecret(7, 23), "cut off"],
    ["too-short", "whsec_", "cut off"],
    ["too-long", sharedSecret(7, 76), "twice"],
    ["wrong-length", `whsk_${btoa("s".repeat(33))}`, "33"],
    ["wrong-length", `whpk_${btoa("s".repeat(31))}`, "31"],
  ])("answers %s for case %#, naming the likely cause", (problem, text, hint) => {
    const detail: unknown = expect.stringContaining(hint);
    expect(parseSecret(text)).toEqual({ kind: "malformed", problem, detail });
  });

  test("never repeats a piece of the secret", () => {
    const shape = fc.string({
      minLength: 12,
      unit: fc.constantFrom(..."ABCDEFGHJKLMNPQRS0123456789_-+ ".split("")),
    });
    const property = fc.property(
      shape,
      fc.constantFrom("", "whsec_", "whsk_", "whpk_"),
      (text, prefix) => {
        const result = parseSecret(prefix + text);
        if (result.kind === "parsed") return;
        for (let start = 0; start + 6 <= text.length; start += 1) {
          const piece = text.slice(start, start + 6);
          if (piece.trim() !== "" && result.detail.includes(piece)) throw new Error("repeated");
        }
      },
    );
    fc.assert(property);
  });
});

describe("generating", () => {
  test("a shared secret needs no padding and differs each time", () => {
    expect(generateSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{44}$/);
    expect(generateSecret()).not.toBe(generateSecret());
    expect(parsed(generateSecret((length) => new Uint8Array(length).fill(1)))).toEqual({
      kind: "hmac",
      key: new Uint8Array(33).fill(1),
    });
  });

  test("a signing key carries the public key that node:crypto derives", async () => {
    const pair = await generateSigningKey();
    const secret = parsed(pair.privateKey);
    if (secret.kind !== "ed25519-private") throw new Error("expected a private key");
    const publicKey = Uint8Array.from(await nodeCrypto.ed25519PublicKey(secret.seed));
    expect(secret.publicKey).toEqual(publicKey);
    expect(parsed(pair.publicKey)).toEqual({ kind: "ed25519-public", publicKey });
  });

  test("derives the published public key, and refuses halves of different pairs", async () => {
    const secret = parsed(publishedPrivateKey);
    if (secret.kind !== "ed25519-private") throw new Error("expected a private key");
    expect(formatSecret(await derivePublicKey(secret))).toBe(publishedPublicKey);
    const mixed = { ...secret, seed: new Uint8Array(32) };
    await expect(derivePublicKey(mixed)).rejects.toThrow("do not belong together");
  });
});

describe("WebCrypto", () => {
  test.each(["SHA-1", "SHA-256", "SHA-512"] as const)(
    "computes the HMAC with %s that node:crypto computes",
    async (hash) => {
      const key = utf8("key");
      const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(9);
      for (const data of [utf8(""), utf8("data"), utf8("a view").subarray(2, 4), shared]) {
        const expected = Uint8Array.from(await nodeCrypto.hmac(hash, key, [data]));
        expect(await webCrypto.hmac(hash, key, [data])).toEqual(expected);
      }
    },
  );
});

describe("base64", () => {
  test("decodes what Buffer encodes, padded or not", () => {
    const property = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(encodeBase64(bytes)).toBe(text);
      expect(decodeBase64(text)).toEqual(bytes);
      expect(decodeBase64(text.replace(/=+$/, ""))).toEqual(bytes);
    });
    fc.assert(property);
  });

  test.each(["A", "AAAAA", "AA=A", "AAA==", "AAAA=", "A-_A", "AA A", "AAé=", "="])(
    "refuses %j",
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});
