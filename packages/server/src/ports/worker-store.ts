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
