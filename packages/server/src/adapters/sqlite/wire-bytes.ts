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
  return typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
}

export function isEmpty(record: object): boolean {
  for (const _name in record) return false;
  return true;
}
