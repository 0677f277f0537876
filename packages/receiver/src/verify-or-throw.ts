import type { InboundRequest } from "./request.ts";
import type { Scheme } from "./scheme.ts";
import type { SecretInput } from "./secret-input.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Rejected, RejectionReason, Verified } from "./verdict.ts";
import { verify } from "./verify.ts";
import type { VerifyOptions } from "./verify.ts";

// From the global registry, so that an error of another copy of this package carries the same one.
const brand = Symbol.for("@posthorn/receiver/WebhookVerificationError");

/** A refused webhook, for callers who prefer exceptions. Tell it apart with `isWebhookVerificationError`. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
  readonly code = "ERR_WEBHOOK_VERIFICATION";
  readonly reason: RejectionReason;
  readonly diagnosis: Diagnosis | undefined;

  constructor(rejection: Rejected) {
    super(rejection.detail);
    this.reason = rejection.reason;
    this.diagnosis = rejection.diagnosis;
    // Not a declared member: the types of two copies would differ by their symbol.
    Object.defineProperty(this, brand, { value: true });
  }
}

/** True also for an error of another copy of this package, where `instanceof` is false. */
export function isWebhookVerificationError(error: unknown): error is WebhookVerificationError {
  return typeof error === "object" && error !== null && brand in error;
}

/** `verify`, throwing a `WebhookVerificationError` for what it would reject. */
export async function verifyOrThrow(
  scheme: Scheme,
  request: InboundRequest,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions = {},
): Promise<Verified> {
  const verdict = await verify(scheme, request, secrets, options);
  if (verdict.kind === "rejected") throw new WebhookVerificationError(verdict);
  return verdict;
}
