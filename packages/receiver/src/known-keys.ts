/**
 * Keys as a crypto library wants them: a receiver has a few, the same for every request, and making one takes up
 * to half the time of an HMAC over 10 KB. They are found again by what is in them, because the array that a
 * caller hands over may change.
 */
export interface KnownKeys<Key> {
  /** Undefined: not made yet, or not kept. */
  get(bytes: Uint8Array): Key | undefined;
  keep(bytes: Uint8Array, key: Key): void;
}

const maxKeys = 256;
const maxKeptBytes = 1024;

export function knownKeys<Key>(): KnownKeys<Key> {
  const keys = new Map<string, Key>();
  return {
    get(bytes) {
      return bytes.length > maxKeptBytes ? undefined : keys.get(nameOf(bytes));
    },
    keep(bytes, key) {
      if (bytes.length > maxKeptBytes) return;
      const [oldest] = keys.keys();
      if (oldest !== undefined && keys.size >= maxKeys) keys.delete(oldest);
      keys.set(nameOf(bytes), key);
    },
  };
}

/** Not spread, which would take five times as long. */
function nameOf(bytes: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, null, bytes);
}
