import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** The secret looks like base64, and is used as its text. */
export const zendesk: Scheme = {
  name: "zendesk",
  title: "Zendesk",
  docs: "https://developer.zendesk.com/documentation/webhooks/verifying/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-zendesk-webhook-signature", encoding: "base64" },
    timestamp: { header: "x-zendesk-webhook-signature-timestamp", unit: "rfc3339" },
    content: "{timestamp}{body}",
  }),
  event: { id: { header: "x-zendesk-webhook-invocation-id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  body: "json",
  answerWithinMs: 12_000,
  unconfirmed: ["The form of the signature.", "The answer may take 12 seconds."],
};
