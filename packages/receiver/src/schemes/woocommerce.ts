import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const woocommerce: Scheme = {
  name: "woocommerce",
  title: "WooCommerce",
  docs: "https://woocommerce.com/document/webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-wc-webhook-signature", encoding: "base64" },
  }),
  event: { id: { header: "x-wc-webhook-delivery-id" }, type: { header: "x-wc-webhook-topic" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
