import type { Remember } from "../ports/remember.ts";
import { createLru } from "../domain/lru.ts";
import { repeatedBody } from "./idempotency.ts";

const maxKeys = 10_000;

/**
 * Refuses an idempotency key that another request of a route that only reads had. Kept in memory:
 * clients send a key with each POST, and a read is not worth a commit. A repeated read is answered
 * anew, so a key that is forgotten (a restart, the bound) lets no harm through.
 */
export type CheckRepeatedRead = (kept: Remember | undefined, now: number) => void;

export function createRepeatedReads(): CheckRepeatedRead {
  const seen = createLru<string, Remember>(maxKeys);
  return (kept, now) => {
    if (kept === undefined) return;
    const first = seen.get(kept.keyHash);
    if (first === undefined || first.expiresAt <= now) return seen.set(kept.keyHash, kept);
    if (first.requestHash !== kept.requestHash) repeatedBody({ kind: "key-reused" });
  };
}
