import type { Diagnosis } from "./diagnosis.ts";

/** Why a webhook was refused. The first four are the request's fault, the others the receiver's. */
export type RejectionReason =
  /** What the scheme needs is absent or empty: a header, or the signature's field inside the body. */
  | "missing-header"
  /** Something is there, but not in its one form: sent twice, cut off, of another encoding, no number. */
  | "malformed"
  /** No signature belongs to these bytes and any of the given secrets. */
  | "signature"
  /** Genuine, but too old, too new, or outside the time that the sender allowed. */
  | "timestamp"
  /** A given secret or key cannot be used. */
  | "bad-secret"
  /** The scheme needs something that it was not told, such as the URL or a webhook's id. */
  | "bad-config"
  /** The raw bytes are gone: what was given is no body, or the request's body was read before. */
  | "body-already-parsed"
  /** The sender's key could not be fetched now: answer 503, so that the delivery is sent again. */
  | "key-unavailable";

export interface Verified {
  readonly kind: "verified";
  /** The scheme's name. */
  readonly scheme: string;
  /** The same for each retry of an event: use it to recognise duplicates. Undefined where the provider has none. */
  readonly eventId: string | undefined;
  /** Whether the signature covers that id. Where not, whoever saw one delivery can send it under new ids. */
  readonly eventIdSigned: boolean;
  readonly eventType: string | undefined;
  /** The signed time, with its fraction; undefined where the scheme signs none. */
  readonly timestampSeconds: number | undefined;
  /** The version of the signature that matched, where the scheme has versions. */
  readonly version: string | undefined;
  /** The position of the secret that matched: tells during a rotation when the old one is out of use. */
  readonly secretIndex: number;
  /** The bytes that the signature covers; inflated where the scheme signs the inflated ones. */
  readonly body: Uint8Array;
}

export interface Rejected {
  readonly kind: "rejected";
  readonly reason: RejectionReason;
  /** What to do about it, for the receiver's log. Holds no secret, signature, header value or body. */
  readonly detail: string;
  /** The case that fits, where one was found. */
  readonly diagnosis: Diagnosis | undefined;
}

export type Verdict = Verified | Rejected;

export function rejected(reason: RejectionReason, detail: string, diagnosis?: Diagnosis): Rejected {
  return { kind: "rejected", reason, detail, diagnosis };
}

export function missingHeader(name: string): Rejected {
  return rejected(
    "missing-header",
    `The request lacks ${name}: it is no delivery of this scheme, or a proxy removed the header.`,
  );
}

/** Which of two would be checked and which be used differs by framework, so neither is. */
export function sentTwice(name: string): Rejected {
  return rejected(
    "malformed",
    `The header ${name} is there more than once: a proxy on the way may repeat it.`,
    { kind: "duplicate-header", header: name },
  );
}
