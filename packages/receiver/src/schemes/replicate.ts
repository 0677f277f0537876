import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

/** There is no event type: the prediction's status stands for it. */
export const replicate: Scheme = {
  name: "replicate",
  title: "Replicate",
  docs: "https://replicate.com/docs/topics/webhooks/verify-webhook",
  check: standard({ family: "webhook", key: "whsec" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "status" } },
  defaultToleranceSeconds: 300,
};
