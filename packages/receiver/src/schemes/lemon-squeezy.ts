import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const lemonSqueezy: Scheme = {
  name: "lemon-squeezy",
  title: "Lemon Squeezy",
  docs: "https://docs.lemonsqueezy.com/help/webhooks/signing-requests",
  check: mac({ hash: "SHA-256", signature: { header: "x-signature", encoding: "hex" } }),
  event: { type: { header: "x-event-name" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The signature is an HMAC-SHA256 in bare hex."],
};
