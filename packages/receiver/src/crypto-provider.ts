/** The hash functions that webhook senders key an HMAC with. */
export type HmacHash = "SHA-1" | "SHA-256" | "SHA-512";

/**
 * The cryptography that signing and verifying need. WebCrypto does it by default; a server that signs much
 * passes one on its platform's own library, whose synchronous HMAC costs far less per call.
 */
export interface CryptoProvider {
  hmac(hash: HmacHash, key: Uint8Array, data: Uint8Array): Uint8Array | Promise<Uint8Array>;

  /** Signs with the private key that RFC 8032 derives from `seed` (32 bytes). */
  signEd25519(seed: Uint8Array, data: Uint8Array): Uint8Array | Promise<Uint8Array>;

  /** False for every signature that does not verify, never an exception. */
  verifyEd25519(
    publicKey: Uint8Array,
    signature: Uint8Array,
    data: Uint8Array,
  ): boolean | Promise<boolean>;

  /** The public key (32 bytes) that belongs to `seed`. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array | Promise<Uint8Array>;
}
