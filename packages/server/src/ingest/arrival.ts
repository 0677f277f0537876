import type { HeaderPairs } from "../domain/provider-headers.ts";

/** A request at a source as it came, its body whole. */
export interface Arrival {
  readonly method: string;
  /** As the sender called it, absolute: some providers sign it. */
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
  readonly receivedAt: number;
}

/** The answer that the provider gets. */
export interface GateAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function headerOf(headers: HeaderPairs, wanted: string): string | null {
  for (const [name, value] of headers) {
    if (name.length === wanted.length && name.toLowerCase() === wanted) return value;
  }
  return null;
}
