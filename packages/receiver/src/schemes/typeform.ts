import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const typeform: Scheme = {
  name: "typeform",
  title: "Typeform",
  docs: "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "typeform-signature", prefix: "sha256=", encoding: "base64" },
  }),
  event: { id: { json: "event_id" }, type: { json: "event_type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The signature is base64 behind sha256=."],
};
