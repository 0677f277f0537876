import type { Claim, EntryCounts, EntryState, Failure, NewEntry, StoredEntry } from "./entry.ts";

export interface EntryQuery {
  readonly state: EntryState;
  /** @default 100 */
  readonly limit?: number;
}

/**
 * Where events are kept between the answer to their provider and the success of their handler. Several processes
 * may share one. No time of day crosses this port: the inbox's own clock decides what is due and when a lease
 * ends, so processes with skewed clocks agree.
 */
export interface Inbox<Transaction = undefined> {
  /** False when a restart forgets what is in it. */
  readonly durable: boolean;

  /**
   * Remembers each entry unless its key or content key is there already. All of them or, when it rejects, none;
   * when it resolves, a durable inbox has committed. Of concurrent duplicates exactly one is `recorded`.
   */
  record(entries: readonly NewEntry[]): Promise<readonly ("recorded" | "duplicate")[]>;

  /**
   * Takes up to `limit` due entries for `leaseMs`. Two claims never hold the same entry at once, and an entry with
   * an order key waits until those of the same key that came before it have ended.
   */
  claim(source: string, limit: number, leaseMs: number): Promise<readonly Claim[]>;

  /** Lets a claim that is still held end `leaseMs` from now. */
  extend(claim: Claim, leaseMs: number): Promise<void>;

  /**
   * Runs `handle` and marks the entry done. `lease_lost`: another claim has it now, and nothing was marked. What
   * `handle` throws is thrown, and the entry stays claimed for `fail`.
   */
  complete(
    claim: Claim,
    handle: (transaction: Transaction) => Promise<void>,
  ): Promise<"settled" | "lease_lost">;

  /** Puts a claimed entry back for later, or among the dead letters. */
  fail(claim: Claim, failure: Failure): Promise<"settled" | "lease_lost">;

  counts(source: string): Promise<EntryCounts>;

  /** The entries of a state, the oldest first. */
  list(source: string, query: EntryQuery): Promise<readonly StoredEntry[]>;

  /** Opens ended entries again, due now and with all their attempts before them. Gives how many there were. */
  replay(source: string, keys: readonly string[]): Promise<number>;

  /** Marks dead letters as done, so that they age like those. Gives how many there were. */
  discard(source: string, keys: readonly string[]): Promise<number>;

  /**
   * Forgets some of the done and ignored entries that ended more than `olderThanMs` ago, a bounded number a call.
   * Gives how many; their duplicates are events like any other from now on.
   */
  prune(source: string, olderThanMs: number): Promise<number>;
}
