import type { RawBody } from "../bytes.ts";
import type { Scheme, SchemeConfig } from "../scheme.ts";
import type { HeaderPairs } from "./provider.ts";
import type { CheckResult } from "./report.ts";

export interface CheckReceiverOptions {
  /** Where the receiver listens. */
  readonly url: string;
  readonly scheme: Scheme;
  /** The receiver's secret; for schemes with a key pair the private key, as PEM. Without: only forgeries are sent. */
  readonly secret?: string | undefined;
  /** What the scheme wants to be told beside the secret: see its `config`. */
  readonly config?: SchemeConfig | undefined;
  /** The URL that the receiver believes to be called by, for schemes that sign it. @default url */
  readonly publicUrl?: string | undefined;
  /** An event to send instead of a made-up one. */
  readonly event?: RawBody | undefined;
  /** The type of that event, where the scheme sends it in a header. */
  readonly eventType?: string | undefined;
  /** Sent with every request. */
  readonly headers?: HeaderPairs | undefined;
  /** Names of checks. @default all */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** How long an answer is waited for. @default 15000, or a little more than the provider waits */
  readonly timeoutMs?: number | undefined;
  /** How long the provider waits. @default the scheme's, or 5000 */
  readonly deadlineMs?: number | undefined;
  /** How many requests are sent at once. @default 10 */
  readonly concurrency?: number | undefined;
  /** Answers how many events were handled: a number, or JSON with a `count`. */
  readonly countUrl?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export type Progress =
  | { readonly kind: "begins"; readonly name: string; readonly title: string }
  | { readonly kind: "ended"; readonly result: CheckResult };

/** The checks could not be run at all. */
export class CannotCheckError extends Error {
  override readonly name = "CannotCheckError";
}
