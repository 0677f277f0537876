/** One event on its way into an inbox. */
export interface NewEntry {
  /** Whose it is: entries of different sources never meet, and keys are unique within a source. */
  readonly source: string;
  /** The provider's event id, or a hash of the content where a provider sends none. */
  readonly key: string;
  /** A second mark of a duplicate, for providers whose id the signature does not cover. */
  readonly contentKey: string | undefined;
  readonly type: string | undefined;
  /** Entries with the same one are handled one after the other, in the order of their arrival. */
  readonly orderKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** `ignored`: remembered, and handled only when it is replayed. */
  readonly state: "open" | "ignored";
}

/**
 * `open` waits for its handler, for a retry or for the end of a run; the other states are ends, of which a replay
 * opens each again.
 */
export type EntryState = "open" | "done" | "dead" | "ignored";

/** Why an event became a dead letter. */
export type DeadReason =
  /** It failed as often as the policy allows. */
  | "exhausted"
  /** The process that handled it ended each time. */
  | "crashed"
  /** The handler said that another try is of no use (`retry: false`). */
  | "refused"
  /** The data is not what the schema of its type demands. */
  | "invalid";

export interface StoredEntry {
  readonly source: string;
  readonly key: string;
  readonly type: string | undefined;
  readonly orderKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly state: EntryState;
  /** How often a handler has started. */
  readonly attempt: number;
  readonly receivedAtMs: number;
  readonly deadReason: DeadReason | undefined;
  /** The message of the last failure. */
  readonly lastError: string | undefined;
}

/** An entry that this process may handle until its lease ends. */
export interface Claim {
  readonly source: string;
  readonly key: string;
  readonly type: string | undefined;
  readonly orderKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** 1 for the first. A process that ended while it handled the entry counts too. */
  readonly attempt: number;
  readonly receivedAtMs: number;
  /** Tells this claim from an earlier and a later one of the same entry. */
  readonly lease: string;
}

/** What follows a run that did not succeed. */
export type Failure =
  | { readonly kind: "retry"; readonly afterMs: number; readonly error: string }
  | { readonly kind: "dead"; readonly reason: DeadReason; readonly error: string };

export type EntryCounts = Readonly<Record<EntryState, number>>;
