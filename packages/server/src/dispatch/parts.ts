import type { IdCodec, IdSource } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { DispatchFeed, DispatchStore } from "../ports/dispatch-store.ts";
import type { PartitionSharing } from "../ports/partition-sharing.ts";
import type { Sender } from "../ports/sender.ts";
import type { Signer } from "../ports/signer.ts";
import type { Vault } from "../ports/vault.ts";
import type { Resign } from "./resign.ts";
import type { DispatchSettings } from "./settings.ts";

/** As pino's. */
export interface Log {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface DispatcherParts {
  readonly store: DispatchStore;
  readonly feed: DispatchFeed;
  /** Absent: the store has one owner. */
  readonly sharing?: PartitionSharing;
  readonly sender: Sender;
  readonly signer: Signer;
  readonly vault: Vault;
  /** Absent: what sources received goes on as it came. */
  readonly resign?: Resign;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly ids: IdSource;
  readonly idCodec: IdCodec;
  readonly log: Log;
  readonly settings: DispatchSettings;
  /** The dispatcher stopped by itself: it lost its lease, or met a bug. The process must end. */
  readonly onFatal: (error: Error) => void;
}
