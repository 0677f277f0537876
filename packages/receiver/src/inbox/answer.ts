import type { Rejected } from "../verdict.ts";

/** What the provider is answered. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = { "content-type": "application/json", "cache-control": "no-store" };

export function accepted(body: string | undefined): ReceiverAnswer {
  return body === undefined
    ? { status: 200, headers: json, body: '{"received":true}' }
    : { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/**
 * All faults of the request look alike, so that an attacker learns nothing. Faults of the receiver say what they
 * are and are 5xx, so that the provider sends the delivery again when they are mended.
 */
export function refused(rejection: Rejected, rejectStatus: number): ReceiverAnswer {
  switch (rejection.reason) {
    case "missing-header":
    case "malformed":
    case "signature":
    case "timestamp":
      return problem(rejectStatus, "rejected", "The webhook is not genuine, or too old.");
    case "body-already-parsed":
      return problem(500, rejection.reason, rejection.detail);
    case "bad-secret":
    case "bad-config":
      return problem(500, rejection.reason, "The receiver is not set up correctly: see its log.");
    case "key-unavailable":
      return unavailable("The key to check this with cannot be had now.");
  }
}

/** Tells the provider to come again. */
export function unavailable(detail: string): ReceiverAnswer {
  const answer = problem(503, "unavailable", detail);
  return { ...answer, headers: { ...answer.headers, "retry-after": "30" } };
}

export function methodNotAllowed(): ReceiverAnswer {
  const answer = problem(405, "method-not-allowed", "Webhooks are sent with POST.");
  return { ...answer, headers: { ...answer.headers, allow: "POST" } };
}

export function problem(status: number, error: string, detail: string): ReceiverAnswer {
  return { status, headers: json, body: JSON.stringify({ error, detail }) };
}
