import type { ApplicationId } from "./ids.ts";

export type Metadata = Readonly<Record<string, string>>;

/** One customer of the sender. Times are ms since 1970. */
export interface Application {
  readonly id: ApplicationId;
  readonly partition: number;
  readonly uid: string | null;
  readonly name: string;
  /** Attempts a second over all its endpoints; `null` is unlimited. */
  readonly throttleRate: number | null;
  readonly metadata: Metadata;
  readonly createdAt: number;
  readonly updatedAt: number;
}
