import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const calendly: Scheme = {
  name: "calendly",
  title: "Calendly",
  docs: "https://developer.calendly.com/api-docs/webhook-signatures",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "calendly-webhook-signature",
      parts: { separator: ",", timestamp: "t", signature: "v1" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}.{body}",
  }),
  event: { type: { json: "event" } },
  defaultToleranceSeconds: 180,
  unconfirmed: ["The form of the signature."],
};
