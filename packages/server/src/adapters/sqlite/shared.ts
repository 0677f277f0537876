import type { Effects } from "../sql/effects.ts";
import type { Idempotency } from "./idempotency.ts";
import type { InstallationRow } from "./installation.ts";
import type { LivingApplications } from "./living-applications.ts";
import type { Slices } from "./paging.ts";
import type { Rollups } from "./rollups.ts";

/** What the roles of the engine share within one transaction. */
export interface Shared {
  readonly effects: Effects;
  readonly idempotency: Idempotency;
  readonly installation: InstallationRow;
  readonly living: LivingApplications;
  readonly rollups: Rollups;
  /** For what is derived when a list is read; whatever is written comes with its times. */
  readonly now: () => number;
}

/** A port as the store's thread has it: at once, or in slices. */
export type Handlers<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result | Slices<Result>
    : never;
};
