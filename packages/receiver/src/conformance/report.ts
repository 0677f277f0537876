import type { Failure } from "./exchange.ts";
import type { FindingVerdict } from "./finding.ts";

/** One request of a check, and what came of it. */
export interface Trial {
  readonly sent: string;
  readonly answer: TrialAnswer;
}

export type TrialAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly ms: number;
      readonly excerpt?: string;
    }
  | { readonly kind: "failed"; readonly how: Failure; readonly ms: number };

export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly verdict: FindingVerdict;
  /** What was seen. */
  readonly says: string;
  /** Why it matters, and how it is mended, where it is not good. */
  readonly why?: string;
  readonly mend?: string;
  readonly trials: readonly Trial[];
}

export interface Report {
  readonly url: string;
  readonly scheme: string;
  /** What of the scheme was not confirmed with the provider: what is said here of it may be wrong. */
  readonly unconfirmed: readonly string[];
  readonly checks: readonly CheckResult[];
  readonly counts: Readonly<Record<FindingVerdict, number>>;
}
