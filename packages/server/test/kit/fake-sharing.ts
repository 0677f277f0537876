import type { OwnershipChange, PartitionSharing } from "../../src/ports/partition-sharing.ts";
import { StoreUnavailable } from "../../src/ports/store-errors.ts";

/** What other workers would bring about is told by the test. */
export interface FakeSharing extends PartitionSharing {
  tell(change: OwnershipChange): void;
  readonly given: readonly { readonly partitions: readonly number[]; readonly inOrder: boolean }[];
  readonly retired: boolean;
  sure: boolean;
  /** Nothing can be handed over. */
  away: boolean;
}

export function createFakeSharing(): FakeSharing {
  const given: { readonly partitions: readonly number[]; readonly inOrder: boolean }[] = [];
  let listener: (change: OwnershipChange) => void = () => {};
  let retired = false;
  const sharing: FakeSharing & { away: boolean } = {
    tell: (change) => listener(change),
    given,
    get retired() {
      return retired;
    },
    sure: true,
    away: false,
    onOwnership: (next) => (listener = next),
    retire: async () => void (retired = true),
    handOver: async (partitions, inOrder) => {
      if (sharing.away) throw new StoreUnavailable("unreachable", "no connection");
      given.push({ partitions, inOrder });
    },
    inForce: () => sharing.sure,
  };
  return sharing;
}
