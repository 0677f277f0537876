import type { ErrorClass, Outcome } from "./outcome.ts";

/** What one attempt came to, as the deciders need it. */
export interface AttemptResult {
  readonly outcome: Outcome;
  readonly errorClass: ErrorClass | null;
  /** `null` when nothing was answered. */
  readonly status: number | null;
}

/**
 * What an attempt says about its endpoint:
 *
 * - `success`: it takes what it is sent.
 * - `answered`: it works, and does not want this message (400, 413, 422 …).
 * - `trouble`: it does not work. `overloaded` asks for fewer requests at once.
 * - `gone`: it asked to be left alone (410).
 * - `no-word`: the failure was on this side and says nothing about the endpoint.
 */
export type Judgement =
  | { readonly kind: "success" }
  | { readonly kind: "answered" }
  | { readonly kind: "trouble"; readonly overloaded: boolean }
  | { readonly kind: "gone" }
  | { readonly kind: "no-word" };

export function judgeAttempt(result: AttemptResult): Judgement {
  switch (result.outcome) {
    case "delivered":
      return { kind: "success" };
    case "rejected":
      return judgeStatus(result.status);
    case "not-sent":
    case "unknown":
      return judgeError(result.errorClass);
  }
}

// Answers that are the same for every message: wrong credentials, wrong address, a redirect.
const endpointStatuses = new Set([401, 403, 404, 405, 407, 408]);
// Standard Webhooks C4, C5; 503 is what overloaded servers and load balancers answer.
const overloadStatuses = new Set([429, 502, 503, 504]);

function judgeStatus(status: number | null): Judgement {
  if (status === null) return { kind: "trouble", overloaded: false };
  if (status === 410) return { kind: "gone" };
  if (overloadStatuses.has(status)) return { kind: "trouble", overloaded: true };
  const trouble = status < 400 || status >= 500 || endpointStatuses.has(status);
  return trouble ? { kind: "trouble", overloaded: false } : { kind: "answered" };
}

function judgeError(errorClass: ErrorClass | null): Judgement {
  switch (errorClass) {
    case null:
    case "process-ended":
      return { kind: "no-word" };
    case "connect-timeout":
    case "response-timeout":
      return { kind: "trouble", overloaded: true };
    case "invalid-url":
    case "address-blocked":
    case "dns-failed":
    case "connection-refused":
    case "connection-failed":
    case "tls-failed":
    case "proxy-failed":
    case "connection-reset":
    case "malformed-response":
    case "response-headers-too-large":
      return { kind: "trouble", overloaded: false };
  }
}
