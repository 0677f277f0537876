import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const coinbaseCommerce: Scheme = {
  name: "coinbase-commerce",
  title: "Coinbase Commerce",
  docs: "https://docs.cdp.coinbase.com/commerce/docs/webhooks-security",
  check: mac({ hash: "SHA-256", signature: { header: "x-cc-webhook-signature", encoding: "hex" } }),
  event: { id: { json: "event.id" }, type: { json: "event.type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
