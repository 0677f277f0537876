import { decodeBase64Url, joinBytes } from "./bytes.ts";
import type { CryptoProvider, HashName, SignatureAlgorithm } from "./crypto-provider.ts";
import { knownKeys } from "./known-keys.ts";
import type { KnownKeys } from "./known-keys.ts";

/** RFC 8410: everything of a PKCS #8 Ed25519 private key but its seed. WebCrypto imports no bare seed. */
const pkcs8Prefix = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);

/** The default provider, on `globalThis.crypto`. */
export const webCrypto: CryptoProvider = {
  async hmac(hash, key, chunks) {
    const imported = hmacKeys[hash].get(key) ?? (await importHmacKey(hash, key));
    const { subtle } = globalThis.crypto;
    return new Uint8Array(await subtle.sign("HMAC", imported, unshared(joinBytes(chunks))));
  },

  async digest(hash, chunks) {
    const { subtle } = globalThis.crypto;
    return new Uint8Array(await subtle.digest(hash, unshared(joinBytes(chunks))));
  },

  async signEd25519(seed, data) {
    const key = await importSeed(seed, false);
    return new Uint8Array(await globalThis.crypto.subtle.sign("Ed25519", key, unshared(data)));
  },

  async verifyEd25519(publicKey, signature, data) {
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey("raw", unshared(publicKey), "Ed25519", false, ["verify"]);
    return subtle.verify("Ed25519", key, unshared(signature), unshared(data));
  },

  async ed25519PublicKey(seed) {
    const jwk = await globalThis.crypto.subtle.exportKey("jwk", await importSeed(seed, true));
    // A JWK is base64url (RFC 8037).
    const publicKey = decodeBase64Url(jwk.x ?? "");
    if (publicKey?.length !== 32) throw new Error("WebCrypto exported no Ed25519 public key");
    return publicKey;
  },

  async signWith(algorithm, privateKey, data) {
    const { subtle } = globalThis.crypto;
    const { key, use } = paramsOf(algorithm);
    const imported = await subtle.importKey("pkcs8", unshared(privateKey), key, false, ["sign"]);
    return new Uint8Array(await subtle.sign(use, imported, unshared(data)));
  },

  async verifyWith(algorithm, publicKey, { signature, data }) {
    const { subtle } = globalThis.crypto;
    const { key, use } = paramsOf(algorithm);
    const imported = await subtle.importKey("spki", unshared(publicKey), key, false, ["verify"]);
    return subtle.verify(use, imported, unshared(signature), unshared(data));
  },
};

const hmacKeys: Readonly<Record<HashName, KnownKeys<CryptoKey>>> = {
  "SHA-1": knownKeys(),
  "SHA-256": knownKeys(),
  "SHA-384": knownKeys(),
  "SHA-512": knownKeys(),
};

async function importHmacKey(hash: HashName, key: Uint8Array): Promise<CryptoKey> {
  const { subtle } = globalThis.crypto;
  const algorithm = { name: "HMAC", hash };
  const imported = await subtle.importKey("raw", unshared(key), algorithm, false, ["sign"]);
  hmacKeys[hash].keep(key, imported);
  return imported;
}

function paramsOf(algorithm: SignatureAlgorithm): {
  readonly key: RsaHashedImportParams | EcKeyImportParams;
  readonly use: Algorithm | EcdsaParams;
} {
  switch (algorithm.kind) {
    case "rsa": {
      const name = "RSASSA-PKCS1-v1_5";
      return { key: { name, hash: algorithm.hash }, use: { name } };
    }
    case "ecdsa":
      return {
        key: { name: "ECDSA", namedCurve: algorithm.curve },
        use: { name: "ECDSA", hash: algorithm.hash },
      };
  }
}

function importSeed(seed: Uint8Array, extractable: boolean): Promise<CryptoKey> {
  const pkcs8 = unshared(joinBytes([pkcs8Prefix, seed]));
  return globalThis.crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", extractable, ["sign"]);
}

/** WebCrypto refuses views of shared memory; only those are copied. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes);
}

function isUnshared(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}
