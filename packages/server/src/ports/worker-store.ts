/** What a process does: `api` takes requests, `worker` owns partitions and delivers. */
export const roles = ["api", "worker"] as const;
export type Role = (typeof roles)[number];

/** What a process tells the others of itself. */
export interface ProcessIdentity {
  /** Of the process, so that people find it: where it runs, and its pid. */
  readonly name: string;
  readonly version: string;
  readonly roles: readonly Role[];
}

export interface ProcessState extends Omit<ProcessIdentity, "version"> {
  /** `null`: one of a version before, which does not say. */
  readonly version: string | null;
  /** Its place among the processes of the store; 0 is that of the embedded store. */
  readonly slot: number;
  readonly startedAt: number;
  /** When it was last heard of. */
  readonly renewedAt: number;
  readonly alive: boolean;
}

/** More waiting deliveries of a partition than so many are not counted. */
export const mostCounted = 1_000;
/** Endpoints of a partition that are looked at for how far it is behind. */
export const mostLanes = 250;

export interface PartitionState {
  readonly partition: number;
  /** The name of the process that has it; `null`: nobody. */
  readonly owner: string | null;
  readonly takenAt: number | null;
  readonly epoch: number;
  /** At most `mostCounted` + 1. */
  readonly waiting: number;
  /**
   * The due time of the earliest that is due and that nothing holds: no pause, no open breaker. Of
   * the first `mostLanes` endpoints.
   */
  readonly dueSince: number | null;
}

export interface Workers {
  readonly processes: readonly ProcessState[];
  /** All of them, in order. */
  readonly partitions: readonly PartitionState[];
}

export interface WorkerStore {
  listWorkers(): Promise<Workers>;
}
