import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const gocardless: Scheme = {
  name: "gocardless",
  title: "GoCardless",
  docs: "https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks",
  check: mac({ hash: "SHA-256", signature: { header: "webhook-signature", encoding: "hex-any" } }),
  event: {
    id: { json: "meta.webhook_id" },
    type: { join: [{ json: "events.0.resource_type" }, { json: "events.0.action" }], with: "." },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
