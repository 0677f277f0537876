import { mac } from "../checks/mac.ts";
import { signedUrlField } from "../checks/called-url.ts";
import type { Scheme } from "../scheme.ts";

export const square: Scheme = {
  name: "square",
  title: "Square",
  docs: "https://developer.squareup.com/docs/webhooks/step3validate",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-square-hmacsha256-signature", encoding: "base64" },
    content: "{url}{body}",
  }),
  event: { id: { json: "event_id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [signedUrlField],
  // Nothing separates the URL from the body: only a body that is JSON shows where it begins.
  body: "json",
  retries: "For 24 hours.",
};
