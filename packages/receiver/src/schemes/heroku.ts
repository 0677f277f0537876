import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const heroku: Scheme = {
  name: "heroku",
  title: "Heroku",
  docs: "https://devcenter.heroku.com/articles/app-webhooks",
  check: mac({
    hash: "SHA-256",
    signature: { header: "heroku-webhook-hmac-sha256", encoding: "base64" },
  }),
  event: {
    id: { json: "webhook_metadata.event.id" },
    type: { json: "webhook_metadata.event.include" },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The signature is an HMAC-SHA256 keyed with the secret as text."],
};
