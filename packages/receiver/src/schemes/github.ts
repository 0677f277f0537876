import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** The SHA-1 header that GitHub also sends is not looked at: it would be the weaker way in. */
export const github: Scheme = {
  name: "github",
  title: "GitHub",
  docs: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-hub-signature-256", prefix: "sha256=", encoding: "hex" },
  }),
  event: { id: { header: "x-github-delivery" }, type: { header: "x-github-event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 10_000,
  retries: "None; a person or the API sends it again, with the same id.",
};
