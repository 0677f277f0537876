import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** Xero probes with right and wrong signatures on purpose, and wants 200 and 401 with an empty body. */
export const xero: Scheme = {
  name: "xero",
  title: "Xero",
  docs: "https://developer.xero.com/documentation/guides/webhooks/overview/",
  check: mac({ hash: "SHA-256", signature: { header: "x-xero-signature", encoding: "base64" } }),
  event: {
    type: { join: [{ json: "events.0.eventCategory" }, { json: "events.0.eventType" }], with: "." },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 5000,
  unconfirmed: ["The key is the webhook key as text.", "The answer may take 5 seconds."],
};
