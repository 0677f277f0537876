/**
 * The time that schedules: it starts at the wall clock and then follows the monotonic one, so a
 * jump of the system's clock neither fires nor stalls what waits. Signatures use `wallMs`. Where
 * several processes share a store both are the time of its database, so that a machine whose clock is
 * off changes neither what is due nor what receivers check.
 */
export interface Clock {
  /** Milliseconds since 1970 on the steady clock; never goes back. */
  readonly now: () => number;
  /** The wall's clock as it is, jumps and all, for timestamps that others check. */
  readonly wallMs: () => number;
  /** Runs `run` once, at `atMs` on the steady clock or soon after; returns what cancels it. */
  at(atMs: number, run: () => void): () => void;
}
