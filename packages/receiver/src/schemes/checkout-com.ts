import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const checkoutCom: Scheme = {
  name: "checkout-com",
  title: "Checkout.com",
  docs: "https://www.checkout.com/docs/developer-resources/webhooks",
  check: mac({ hash: "SHA-256", signature: { header: "cko-signature", encoding: "hex" } }),
  event: { id: { json: "id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
