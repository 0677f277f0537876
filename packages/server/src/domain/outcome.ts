/** What one HTTP request of a delivery came to. */

/**
 * - `delivered`: a complete 2xx status and headers within the deadline.
 * - `rejected`: a complete status that is not 2xx.
 * - `not-sent`: it failed before the request was written: the receiver cannot have it.
 * - `unknown`: the request was written (or may have been) and no answer came: the receiver may have it.
 */
export const outcomes = ["delivered", "rejected", "not-sent", "unknown"] as const;
export type Outcome = (typeof outcomes)[number];

/** Why an attempt that got no usable answer failed. `undefined` in an attempt when it was answered. */
export const errorClasses = [
  "invalid-url",
  "dns-failed",
  "address-blocked",
  "connection-refused",
  "connection-failed",
  "connect-timeout",
  "tls-failed",
  "proxy-failed",
  "connection-reset",
  "response-timeout",
  "malformed-response",
  "response-headers-too-large",
  "process-ended",
] as const;
export type ErrorClass = (typeof errorClasses)[number];

/** Milliseconds; a phase that did not happen (a reused connection has no DNS) is `undefined`. */
export interface Phases {
  /** From due to the start of the attempt. */
  readonly queueMs: number;
  readonly dnsMs?: number;
  readonly connectMs?: number;
  readonly tlsMs?: number;
  /** From the request's first byte to the end of the answer's headers. */
  readonly firstByteMs?: number;
  /** From the start of the attempt to its end, the queue not included. */
  readonly totalMs: number;
  readonly reused: boolean;
}

export interface ReceivedResponse {
  readonly status: number;
  /** Names in lower case, in the order received; bounded by the sender. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most the first 16 KiB, unless the sender was told to keep more. */
  readonly body: Uint8Array;
  /** The body was longer than what is kept, or did not end within the deadline. */
  readonly truncated: boolean;
}
