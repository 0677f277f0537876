import type { ApplicationId, MessageId, RequestId, SourceId } from "./ids.ts";
import type { RequestOutcome, RequestReason } from "./reasons.ts";

/** One HTTP request at a source, and what came of it. */
export interface InboundRequest {
  readonly id: RequestId;
  readonly source: SourceId;
  readonly application: ApplicationId;
  readonly partition: number;
  readonly receivedAt: number;
  readonly method: string;
  /** As it was sent: what a limit cut off is counted as far as it came. */
  readonly bodyBytes: number;
  readonly contentType: string | null;
  readonly outcome: RequestOutcome;
  readonly reason: RequestReason;
  /** What to do about it, for people. No secret, signature, header value or body. */
  readonly detail: string | null;
  /** Which known mistake fits a signature that does not. */
  readonly diagnosis: string | null;
  /** What it was answered with. */
  readonly status: number;
  /** The message that it became, or that the request became which it repeats. */
  readonly message: MessageId | null;
  readonly duplicateOf: RequestId | null;
  /** The provider's own, as they came. */
  readonly eventId: string | null;
  readonly eventType: string | null;
  /** Secrets masked; `null` for what became a message, whose headers they are. */
  readonly headers: Readonly<Record<string, string>> | null;
  /** Further requests that were refused for the same reason and have no row of their own. */
  readonly repeats: number;
  /** Until then the request is kept whole, to be verified again; `null`: it is not. */
  readonly keptUntil: number | null;
  readonly retainUntil: number;
}
