/** A bounded map that forgets what was not asked for the longest. */
export interface Lru<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  clear(): void;
}

export function createLru<Key, Value>(max: number): Lru<Key, Value> {
  // A Map keeps the order of insertion, so the first key is the one that was touched the longest ago.
  const entries = new Map<Key, Value>();
  return {
    get(key) {
      const value = entries.get(key);
      // What was asked for matters only once it comes near that something has to go.
      if (value !== undefined && entries.size * 2 > max) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= max) return;
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    },
    delete(key) {
      entries.delete(key);
    },
    clear() {
      entries.clear();
    },
  };
}
