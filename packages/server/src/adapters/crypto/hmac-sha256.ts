import { createHmac, createSecretKey, hash } from "node:crypto";

/** The HMAC of an ASCII text and the bytes behind it, in base64. */
export type HmacSha256 = (prefix: string, body: Uint8Array) => string;

/** The HMAC of the chunks one after the other, as its bytes. */
export type HmacSha256Bytes = (chunks: readonly Uint8Array[]) => Uint8Array;

const blockBytes = 64;
const digestBytes = 32;

// One byte a character: spares the Buffer. Another name of latin1, which the types leave out.
const binary = "binary";

/** One for all keys: what is hashed is put together here. */
const scratch = Buffer.alloc(16 * 1024);

/**
 * HMAC-SHA256 (RFC 2104) by a key. Of what fits the scratch buffer it is made out of two one-shot
 * hashes: they take half the time of a `Hmac` object, which is also one more thing to collect
 * (1.8 against 3.3 µs for 1 KB, November 2026).
 */
export function createHmacSha256(key: Uint8Array): HmacSha256 {
  const { inner, keyObject, outer } = prepare(key);

  return (prefix, body) => {
    const start = blockBytes + prefix.length;
    const end = start + body.byteLength;
    if (end > scratch.byteLength) {
      return createHmac("sha256", keyObject).update(prefix).update(body).digest("base64");
    }
    scratch.set(inner);
    scratch.write(prefix, blockBytes, "latin1");
    scratch.set(body, start);
    outer.write(hash("sha256", scratch.subarray(0, end), binary), blockBytes, "latin1");
    return hash("sha256", outer, "base64");
  };
}

/** As `createHmacSha256`, of bytes. */
export function createHmacSha256Bytes(key: Uint8Array): HmacSha256Bytes {
  const { inner, keyObject, outer } = prepare(key);

  return (chunks) => {
    let end = blockBytes;
    for (const chunk of chunks) end += chunk.byteLength;
    if (end > scratch.byteLength) {
      const hmac = createHmac("sha256", keyObject);
      for (const chunk of chunks) hmac.update(chunk);
      return hmac.digest();
    }
    scratch.set(inner);
    let at = blockBytes;
    for (const chunk of chunks) {
      scratch.set(chunk, at);
      at += chunk.byteLength;
    }
    outer.write(hash("sha256", scratch.subarray(0, end), binary), blockBytes, "latin1");
    return hash("sha256", outer, "buffer");
  };
}

/** RFC 2104: the key as the first block of the inner hash and of the outer, whose digest is written behind it. */
function prepare(key: Uint8Array) {
  const short = key.byteLength > blockBytes ? hash("sha256", key, "buffer") : key;
  return {
    keyObject: createSecretKey(key),
    inner: padded(short, 0x36),
    outer: Buffer.concat([padded(short, 0x5c), Buffer.alloc(digestBytes)]),
  };
}

function padded(key: Uint8Array, pad: number): Buffer {
  const block = Buffer.alloc(blockBytes, pad);
  for (const [at, byte] of key.entries()) block[at] = byte ^ pad;
  return block;
}
