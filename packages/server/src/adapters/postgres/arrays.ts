/**
 * Postgres arrays in their binary form, for `unnest`. `pg` would write them as text: bodies twice as
 * long in hexadecimal, and every quote of every JSON text escaped. One dimension, counted from 1.
 */
const oids = { bytea: 17, int8: 20, int4: 23, text: 25 } as const;
const headerBytes = 20;

export function int4s(values: readonly (number | null)[]): Buffer {
  return fixed(oids.int4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));
}

/** Ids and times: whole numbers that fit a double. */
export function int8s(values: readonly (number | null)[]): Buffer {
  return fixed(oids.int8, 8, values, (buffer, value, at) => {
    const high = Math.floor(value / 2 ** 32);
    buffer.writeInt32BE(high, at);
    buffer.writeUInt32BE(value - high * 2 ** 32, at + 4);
  });
}

export function texts(values: readonly (string | null)[]): Buffer {
  return varying(
    oids.text,
    values.map((value) => (value === null ? null : Buffer.from(value))),
  );
}

export function byteas(values: readonly (Uint8Array | null)[]): Buffer {
  return varying(oids.bytea, values);
}

function fixed(
  oid: number,
  size: number,
  values: readonly (number | null)[],
  write: (buffer: Buffer, value: number, at: number) => void,
): Buffer {
  const buffer = Buffer.allocUnsafe(headerBytes + values.length * (4 + size));
  let at = writeHeader(buffer, oid, values);
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : size, at);
    if (value === null) continue;
    write(buffer, value, at);
    at += size;
  }
  return buffer.subarray(0, at);
}

function varying(oid: number, values: readonly (Uint8Array | null)[]): Buffer {
  let bytes = headerBytes;
  for (const value of values) bytes += 4 + (value?.byteLength ?? 0);
  const buffer = Buffer.allocUnsafe(bytes);
  let at = writeHeader(buffer, oid, values);
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : value.byteLength, at);
    if (value === null) continue;
    buffer.set(value, at);
    at += value.byteLength;
  }
  return buffer;
}

function writeHeader(buffer: Buffer, oid: number, values: readonly unknown[]): number {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(values.length, 12);
  return buffer.writeInt32BE(1, 16);
}
