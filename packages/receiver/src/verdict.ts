import type { SignatureVersion } from "./signed-content.ts";

/** Why a webhook was refused. */
export type RejectionReason =
  /** A header of the three is absent or empty. */
  | "missing-header"
  /** The id is sent twice, or contains a full stop, a space or something that is not ASCII. */
  | "malformed-id"
  /** The timestamp is sent twice, or is not whole seconds in decimal digits. */
  | "malformed-timestamp"
  /** The signature header is sent twice, or holds no readable signature. */
  | "malformed-signature-header"
  /** There are signatures, but of versions that none of the given secrets can check. */
  | "no-known-version"
  /** No signature belongs to these bytes and any of the given secrets. */
  | "signature-mismatch"
  /** Genuine, but older than the tolerance: late, replayed, or this clock is fast. */
  | "timestamp-too-old"
  /** Genuine, but from the future: this clock or the sender's is wrong. */
  | "timestamp-too-new"
  /** A given secret cannot be used: the receiver's configuration is wrong, not the request. */
  | "bad-secret"
  /** The raw bytes are gone: what was given is no body, or the request's body was read before. */
  | "body-already-parsed";

export interface Verified {
  readonly kind: "verified";
  /** The same for each retry of a message: use it to recognise duplicates. */
  readonly id: string;
  readonly timestampSeconds: number;
  /** The version of the signature that matched. */
  readonly version: SignatureVersion;
  /** The position of the secret that matched: tells during a rotation when the old one is out of use. */
  readonly secretIndex: number;
  /** The bytes that the signature covers. */
  readonly body: Uint8Array;
}

export interface Rejected {
  readonly kind: "rejected";
  readonly reason: RejectionReason;
  /** What to do about it, for the receiver's log. Holds no secret, signature, header value or body. */
  readonly detail: string;
}

export type Verdict = Verified | Rejected;

export function rejected(reason: RejectionReason, detail: string): Rejected {
  return { kind: "rejected", reason, detail };
}
