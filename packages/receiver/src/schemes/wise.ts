import { signed } from "../checks/signed.ts";
import type { Scheme } from "../scheme.ts";

export const wise: Scheme = {
  name: "wise",
  title: "Wise",
  docs: "https://docs.wise.com/api-docs/webhooks-notifications/event-handling",
  check: signed({
    algorithm: { kind: "rsa", hash: "SHA-256" },
    signature: { header: "x-signature-sha256", encoding: "base64" },
  }),
  event: { id: { header: "x-delivery-id" }, type: { json: "event_type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The signature is RSA PKCS #1 v1.5 with SHA-256 over the body."],
};
