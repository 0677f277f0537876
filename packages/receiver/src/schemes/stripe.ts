import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** The key is the whole text of the secret, `whsec_` included. */
export const stripe: Scheme = {
  name: "stripe",
  title: "Stripe",
  docs: "https://docs.stripe.com/webhooks#verify-manually",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "stripe-signature",
      parts: { separator: ",", timestamp: "t", signature: "v1" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}.{body}",
  }),
  event: { id: { json: "id" }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
  retries: "For 3 days with growing pauses; in the sandbox 3 times in a few hours. In no order.",
};
