import { Buffer } from "node:buffer";
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { CryptoProvider, HashName } from "../src/crypto-provider.ts";

const nodeHash: Readonly<Record<HashName, string>> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** The provider as a Node server would write it, and the second opinion on WebCrypto's results. */
export const nodeCrypto: CryptoProvider = {
  hmac(hash, key, chunks) {
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
    verify(null, data, publicKeyFrom(publicKey), signature),
  ed25519PublicKey: (seed) => rawPublicKey(createPublicKey(privateKeyOf(seed))),
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

function privateKeyOf(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

function publicKeyFrom(raw: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return key.export({ format: "der", type: "spki" }).subarray(-32);
}
