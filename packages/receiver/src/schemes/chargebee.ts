import { basicAuth } from "../checks/static-secret.ts";
import type { Scheme } from "../scheme.ts";

/** The secret is the `user:password` of the webhook's settings. */
export const chargebee: Scheme = {
  name: "chargebee",
  title: "Chargebee",
  docs: "https://www.chargebee.com/docs/billing/2.0/site-configuration/webhook_settings",
  check: basicAuth(),
  event: { id: { json: "id" }, type: { json: "event_type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 20_000,
  retries: "7 times.",
};
