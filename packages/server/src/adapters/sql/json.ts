/** A column that this adapter writes with `JSON.stringify` of a `T`. */
export type JsonText<T> = string & { readonly holds?: T };

export function parseJson<T>(text: JsonText<T>): T {
  const value: T = JSON.parse(text);
  return value;
}

/** Most lists are empty: those are NULL. */
export function listToText(list: readonly string[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}

export function textToList(text: JsonText<readonly string[]> | null): readonly string[] {
  return text === null ? [] : parseJson(text);
}

/** Hexadecimal hashes take half the room as bytes. */
export function hashToBytes(hash: string): Uint8Array {
  return /^[0-9a-f]{64}$/.test(hash) ? Buffer.from(hash, "hex") : Buffer.from(hash, "utf8");
}
