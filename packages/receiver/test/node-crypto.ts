import { Buffer } from "node:buffer";
import { createHmac, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { CryptoProvider, HmacHash } from "../src/crypto-provider.ts";

const nodeHash = { "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512" } as const;

/** The provider as a Node server would write it, and the second opinion on WebCrypto's results. */
export const nodeCrypto: CryptoProvider = {
  hmac: (hash: HmacHash, key, data) => createHmac(nodeHash[hash], key).update(data).digest(),
  signEd25519: (seed, data) => sign(null, data, privateKeyOf(seed)),
  verifyEd25519: (publicKey, signature, data) =>
    verify(null, data, publicKeyFrom(publicKey), signature),
  ed25519PublicKey: (seed) => rawPublicKey(createPublicKey(privateKeyOf(seed))),
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
