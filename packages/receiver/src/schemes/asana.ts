import { mac } from "../checks/mac.ts";
import { offerHookSecret } from "../handshakes/secret-offer.ts";
import type { Scheme } from "../scheme.ts";

/** The key is the X-Hook-Secret that Asana sends while the webhook is being made. */
export const asana: Scheme = {
  name: "asana",
  title: "Asana",
  docs: "https://developers.asana.com/docs/webhooks-guide",
  check: mac({ hash: "SHA-256", signature: { header: "x-hook-signature", encoding: "hex" } }),
  event: {
    type: {
      join: [{ json: "events.0.resource.resource_type" }, { json: "events.0.action" }],
      with: ".",
    },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: offerHookSecret,
  answerWithinMs: 10_000,
  retries: "For up to 24 hours; each event at most once, and no replay.",
  unconfirmed: ["The signature is an HMAC-SHA256 keyed with the X-Hook-Secret."],
};
