import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const sanity: Scheme = {
  name: "sanity",
  title: "Sanity",
  docs: "https://www.sanity.io/docs/webhooks",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "sanity-webhook-signature",
      parts: { separator: ",", timestamp: "t", signature: "v1" },
      encoding: "base64url",
    },
    timestamp: { unit: "milliseconds" },
    content: "{timestamp}.{body}",
  }),
  event: { id: { header: "idempotency-key" }, type: { header: "sanity-operation" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  retries: "2, 30 s apart, after 429 and 5xx only.",
};
