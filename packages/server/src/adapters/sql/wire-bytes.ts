/** Small ones as text of one byte a character (latin1), which any bytes survive. */
export type WireBytes = Uint8Array | string;

/**
 * Buffers that are smaller share a slab of 8 KB. Each larger array has memory of its own, which
 * costs more than the bytes do: to take it, to clone it, and to have it collected.
 */
const pooledBytes = Buffer.poolSize >>> 1;

export function packBytes(bytes: Uint8Array): WireBytes {
  const { buffer, byteLength, byteOffset } = bytes;
  if (byteLength < pooledBytes) {
    return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
  }
  // A view on a larger buffer would be cloned with all of it.
  return byteLength === buffer.byteLength ? bytes : Uint8Array.from(bytes);
}

export function unpackBytes(bytes: WireBytes): Uint8Array {
  if (typeof bytes !== "string") return bytes;
  const { buffer, byteLength, byteOffset } = Buffer.from(bytes, "latin1");
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export function isEmpty(record: object): boolean {
  for (const _name in record) return false;
  return true;
}
