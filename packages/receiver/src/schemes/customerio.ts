import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const customerio: Scheme = {
  name: "customerio",
  title: "Customer.io",
  docs: "https://docs.customer.io/integrations/data-out/connections/webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-cio-signature", encoding: "hex" },
    timestamp: { header: "x-cio-timestamp", unit: "seconds" },
    content: "v0:{timestamp}:{body}",
  }),
  event: { id: { json: "event_id" }, type: { json: "metric" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The form of the signature."],
};
