const polynomial = 0xed_b8_83_20;

/** The CRC-32 of ISO 3309, as zip and PNG have it. It finds accidents, and no intent. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}
