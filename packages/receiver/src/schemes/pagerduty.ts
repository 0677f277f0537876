import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const pagerduty: Scheme = {
  name: "pagerduty",
  title: "PagerDuty",
  docs: "https://developer.pagerduty.com/docs/verifying-webhook-signatures",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "x-pagerduty-signature",
      parts: { separator: ",", signature: "v1" },
      encoding: "hex",
    },
  }),
  event: { id: { header: "x-webhook-id" }, type: { json: "event.event_type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 5000,
  retries: "For 48 hours after time-outs, 429 and 5xx; other 4xx end it.",
};
