import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

/** The asymmetric form of Standard Webhooks, `v1a`: give `whpk_…` or a key set. No shared secret is in play. */
export const standardWebhooksEd25519: Scheme = {
  name: "standard-webhooks-ed25519",
  title: "Standard Webhooks (Ed25519)",
  docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
  check: standard({ family: "webhook", key: "whsec" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
};
