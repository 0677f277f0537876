import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

/**
 * Standard Webhooks 1.0.0: `v1` with `whsec_…`, `v1a` with `whpk_…` or a key set (JWKS). Takes `webhook-*` and `svix-*`
 * header names.
 */
export const standardWebhooks: Scheme = {
  name: "standard-webhooks",
  title: "Standard Webhooks",
  docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
  check: standard({ family: "webhook", key: "whsec" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 15_000,
  retries: "Advised: after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h.",
};
