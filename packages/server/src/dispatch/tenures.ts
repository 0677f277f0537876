import type { ApplicationId } from "../domain/ids.ts";

/** A partition, as long as this worker has it. */
export interface Tenure {
  readonly partition: number;
  readonly since: number;
  /** Cuts short what is under way. */
  readonly abort: AbortController;
  /** Applications whose rate was taken for used up by the owner before. */
  readonly usedUp: Set<ApplicationId>;
  state: "held" | "leaving" | "over";
}

/** The partitions that this worker has. */
export interface Tenures {
  gain(partitions: readonly number[], now: number): void;
  find(partition: number): Tenure | undefined;
  end(tenure: Tenure): void;
  all(): Iterable<Tenure>;
}

export function createTenures(): Tenures {
  const tenures = new Map<number, Tenure>();
  return {
    gain(partitions, now) {
      for (const partition of partitions) {
        const abort = new AbortController();
        const usedUp = new Set<ApplicationId>();
        tenures.set(partition, { partition, since: now, abort, usedUp, state: "held" });
      }
    },
    find: (partition) => tenures.get(partition),
    end(tenure) {
      tenure.state = "over";
      if (tenures.get(tenure.partition) === tenure) tenures.delete(tenure.partition);
    },
    all: () => tenures.values(),
  };
}
