/** One element of DER (X.690): its tag, what is in it, and all of it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** The elements one after the other; undefined when the bytes are no DER. */
export function readDer(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = readElement(bytes, at);
    if (element === undefined) return undefined;
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

function readElement(bytes: Uint8Array, start: number): DerElement | undefined {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let contentAt = start + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 3 || contentAt + count > bytes.length) return undefined;
    length = 0;
    for (const byte of bytes.subarray(contentAt, contentAt + count)) length = length * 256 + byte;
    // The shortest form only: else one value has several spellings.
    if (length < 0x80 || bytes[contentAt] === 0) return undefined;
    contentAt += count;
  }
  const end = contentAt + length;
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(contentAt, end), whole: bytes.subarray(start, end) };
}

export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = contents.flatMap((each) => [...each]);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...content]);
}

/** A positive number from its big-endian bytes. */
export function writeDerInteger(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at += 1;
  const digits = bytes.subarray(at);
  return (digits[0] ?? 0) >= 0x80
    ? writeDer(0x02, Uint8Array.of(0), digits)
    : writeDer(0x02, digits);
}

/**
 * The r and s of a DER signature one after the other, `size` bytes each; undefined for another form, and for
 * a zero, which some libraries have taken for a signature of everything.
 */
export function ecdsaFromDer(der: Uint8Array, size: number): Uint8Array | undefined {
  const [sequence, ...rest] = readDer(der) ?? [];
  if (sequence?.tag !== 0x30 || rest.length > 0) return undefined;
  const numbers = readDer(sequence.content) ?? [];
  if (numbers.length !== 2) return undefined;
  const joined = new Uint8Array(2 * size);
  for (const [index, { tag, content }] of numbers.entries()) {
    const digits = content[0] === 0 ? content.subarray(1) : content;
    const negative = (content[0] ?? 0x80) >= 0x80;
    const padded = content[0] === 0 && (content[1] ?? 0) < 0x80;
    if (tag !== 0x02 || negative || padded || digits.length > size) return undefined;
    joined.set(digits, (index + 1) * size - digits.length);
  }
  return joined;
}

export function ecdsaToDer(joined: Uint8Array): Uint8Array {
  const size = joined.length / 2;
  const numbers = [joined.subarray(0, size), joined.subarray(size)].map(writeDerInteger);
  return writeDer(0x30, ...numbers);
}
