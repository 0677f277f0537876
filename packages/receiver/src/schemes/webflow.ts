import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const webflow: Scheme = {
  name: "webflow",
  title: "Webflow",
  docs: "https://developers.webflow.com/data/docs/working-with-webhooks",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-webflow-signature", encoding: "hex" },
    timestamp: { header: "x-webflow-timestamp", unit: "milliseconds" },
    content: "{timestamp}:{body}",
  }),
  event: { id: { json: "payload.id" }, type: { json: "triggerType" } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 30_000,
  retries: "3, 10 minutes apart.",
};
