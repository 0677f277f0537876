import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { CryptoProvider, HashName } from "@posthorn/receiver";
import { createLru } from "../../domain/lru.ts";
import { createHmacSha256Bytes, type HmacSha256Bytes } from "./hmac-sha256.ts";

const nodeHash: Readonly<Record<HashName, string>> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** RFC 8410: the frames of an Ed25519 seed (PKCS #8) and of a public key (SubjectPublicKeyInfo). */
const seedFrame = Buffer.from("302e020100300506032b657004220420", "hex");
const publicFrame = Buffer.from("302a300506032b6570032100", "hex");

/** What the providers' schemes need, on node:crypto: its HMAC takes a twentieth of WebCrypto's time. */
export const nodeCrypto: CryptoProvider = {
  hmac(hash, key, chunks) {
    if (hash === "SHA-256") return sha256Of(key)(chunks);
    const hmac = createHmac(nodeHash[hash], key);
    for (const chunk of chunks) hmac.update(chunk);
    return hmac.digest();
  },
  digest(hash, chunks) {
    const digest = createHash(nodeHash[hash]);
    for (const chunk of chunks) digest.update(chunk);
    return digest.digest();
  },
  signEd25519: (seed, data) => sign(null, data, privateKeyOf(seed)),
  verifyEd25519: (publicKey, signature, data) =>
    verify(null, data, publicKeyOf(publicKey), signature),
  ed25519PublicKey: (seed) =>
    createPublicKey(privateKeyOf(seed)).export({ format: "der", type: "spki" }).subarray(-32),
  signWith(algorithm, privateKey, data) {
    const key = Buffer.from(privateKey);
    const options = { key, format: "der", type: "pkcs8", dsaEncoding: "ieee-p1363" } as const;
    return sign(nodeHash[algorithm.hash], data, options);
  },
  verifyWith(algorithm, publicKey, { signature, data }) {
    const key = Buffer.from(publicKey);
    const options = { key, format: "der", type: "spki", dsaEncoding: "ieee-p1363" } as const;
    return verify(nodeHash[algorithm.hash], data, options, signature);
  },
};

/** A source's key is the same for each of its requests, and costs more to make than the hash. */
const sha256Keys = createLru<string, HmacSha256Bytes>(10_000);

function sha256Of(key: Uint8Array): HmacSha256Bytes {
  const name = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
  const known = sha256Keys.get(name);
  if (known !== undefined) return known;
  const made = createHmacSha256Bytes(key);
  sha256Keys.set(name, made);
  return made;
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([seedFrame, seed]), format: "der", type: "pkcs8" });
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([publicFrame, raw]), format: "der", type: "spki" });
}
