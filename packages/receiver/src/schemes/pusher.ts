import { withHeader } from "../checks/combined.ts";
import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const pusher: Scheme = {
  name: "pusher",
  title: "Pusher Channels",
  docs: "https://pusher.com/docs/channels/server_api/webhooks/",
  check: withHeader(
    "x-pusher-key",
    "appKey",
    mac({ hash: "SHA-256", signature: { header: "x-pusher-signature", encoding: "hex" } }),
  ),
  event: { type: { json: "events.0.name" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [
    { name: "appKey", required: false, what: "The key of the app that the secret belongs to" },
  ],
  answerWithinMs: 4000,
  retries: "For 5 minutes, with growing pauses.",
};
