import type { Takeover } from "./dispatch-store.ts";

/** What happens to a worker's partitions while it works. */
export type OwnershipChange =
  /** They are its own from here on. */
  | { readonly kind: "gained"; readonly takeover: Takeover }
  /** Another worker is to have them: begin nothing more there, and hand them over. */
  | { readonly kind: "leave"; readonly partitions: readonly number[] }
  /** Another worker has them already. */
  | { readonly kind: "lost"; readonly partitions: readonly number[] }
  /** The leases are in force again. */
  | { readonly kind: "renewed" };

/** How workers of one store share its partitions; a store with one owner has none of this. */
export interface PartitionSharing {
  /** Called in the order in which the feed's items and these happen. */
  onOwnership(listener: (change: OwnershipChange) => void): void;
  /** Takes part no more: nothing is gained after it, and others are to have what it has. */
  retire(): Promise<void>;
  /**
   * Gives partitions to whoever is to have them. `inOrder`: nothing is under way in them, and nothing
   * waits whose next attempt has to say that one before it may have been made.
   */
  handOver(partitions: readonly number[], inOrder: boolean): Promise<void>;
  /**
   * False while the leases may have run out unnoticed (the process stood still, or the store does not
   * answer): nothing is to be sent until `renewed`.
   */
  inForce(): boolean;
}
