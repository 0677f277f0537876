import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const razorpay: Scheme = {
  name: "razorpay",
  title: "Razorpay",
  docs: "https://razorpay.com/docs/webhooks/validate-test/",
  check: mac({ hash: "SHA-256", signature: { header: "x-razorpay-signature", encoding: "hex" } }),
  event: { id: { header: "x-razorpay-event-id" }, type: { json: "event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 5000,
  retries: "For 24 hours.",
  unconfirmed: ["The answer may take 5 seconds, and retries go on for 24 hours."],
};
