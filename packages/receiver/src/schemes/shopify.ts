import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const shopify: Scheme = {
  name: "shopify",
  title: "Shopify",
  docs: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-shopify-hmac-sha256", encoding: "base64" },
  }),
  event: { id: { header: "x-shopify-webhook-id" }, type: { header: "x-shopify-topic" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 5000,
  retries: "8 times in 4 hours, with the original payload.",
};
