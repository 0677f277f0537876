import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** One object for all: a mismatch says nothing of the request. */
export const mismatch: Rejected = rejected(
  "signature",
  "No signature matches: either the secret is another endpoint's (or was rotated), or the body is not byte for " +
    "byte the one that was sent (parsed and serialised again, trimmed, or decompressed).",
);
