/** The hash functions that webhook senders use. */
export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/** How a public key's signature is made. ECDSA signatures are r and s one after the other (IEEE P1363). */
export type SignatureAlgorithm =
  | { readonly kind: "rsa"; readonly hash: HashName }
  | {
      readonly kind: "ecdsa";
      readonly curve: "P-256" | "P-384" | "P-521";
      readonly hash: HashName;
    };

/**
 * The cryptography that signing and verifying need. WebCrypto does it by default; a server that signs much
 * passes one on its platform's own library, whose synchronous HMAC costs far less per call.
 */
export interface CryptoProvider {
  /** The HMAC over the chunks one after the other. */
  hmac(
    hash: HashName,
    key: Uint8Array,
    chunks: readonly Uint8Array[],
  ): Uint8Array | Promise<Uint8Array>;

  /** The plain hash over the chunks one after the other. */
  digest(hash: HashName, chunks: readonly Uint8Array[]): Uint8Array | Promise<Uint8Array>;

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

  /** Signs with an RSA or EC private key in PKCS #8 (DER). */
  signWith(
    algorithm: SignatureAlgorithm,
    privateKey: Uint8Array,
    data: Uint8Array,
  ): Uint8Array | Promise<Uint8Array>;

  /**
   * Checks with an RSA or EC public key in SubjectPublicKeyInfo (DER). False for a signature that does not
   * verify; throws or rejects only for a key that is none of `algorithm`.
   */
  verifyWith(
    algorithm: SignatureAlgorithm,
    publicKey: Uint8Array,
    signed: { readonly signature: Uint8Array; readonly data: Uint8Array },
  ): boolean | Promise<boolean>;
}
