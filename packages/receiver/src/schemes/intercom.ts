import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const intercom: Scheme = {
  name: "intercom",
  title: "Intercom",
  docs: "https://developers.intercom.com/docs/webhooks/webhook-notifications",
  check: mac({
    hash: "SHA-1",
    signature: { header: "x-hub-signature", prefix: "sha1=", encoding: "hex" },
  }),
  event: { id: { json: "id" }, type: { json: "topic" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 5000,
  retries: "Once.",
  unconfirmed: [
    "The signature is an HMAC-SHA1 keyed with the client secret.",
    "The answer may take 5 seconds, and there is one retry.",
  ],
};
