import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { nodeCrypto } from "./node-crypto.ts";

const data = randomBytes(1000);

test.each([
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-384", "sha384"],
  ["SHA-512", "sha512"],
] as const)("an HMAC with %s is node's", async (name, algorithm) => {
  for (const key of [randomBytes(20), randomBytes(200)]) {
    const expected = createHmac(algorithm, key).update(data).digest();
    const made = await nodeCrypto.hmac(name, key, [data.subarray(0, 10), data.subarray(10)]);
    expect(Buffer.compare(made, expected)).toBe(0);
  }
});

test("Ed25519 signatures fit their key, and no changed data", async () => {
  const seed = randomBytes(32);
  const [publicKey, signature] = await Promise.all([
    nodeCrypto.ed25519PublicKey(seed),
    nodeCrypto.signEd25519(seed, data),
  ]);
  expect(await nodeCrypto.verifyEd25519(publicKey, signature, data)).toBe(true);
  expect(await nodeCrypto.verifyEd25519(publicKey, signature, data.subarray(1))).toBe(false);
});

test.each([
  [{ kind: "rsa", hash: "SHA-256" }, generateKeyPairSync("rsa", { modulusLength: 2048 })],
  [
    { kind: "ecdsa", curve: "P-256", hash: "SHA-256" },
    generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ],
] as const)("signatures of %o fit their key, and no changed data", async (algorithm, pair) => {
  const privateKey = pair.privateKey.export({ format: "der", type: "pkcs8" });
  const publicKey = pair.publicKey.export({ format: "der", type: "spki" });
  const signature = await nodeCrypto.signWith(algorithm, privateKey, data);
  expect(await nodeCrypto.verifyWith(algorithm, publicKey, { signature, data })).toBe(true);
  const changed = { signature, data: data.subarray(1) };
  expect(await nodeCrypto.verifyWith(algorithm, publicKey, changed)).toBe(false);
});
