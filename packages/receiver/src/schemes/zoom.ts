import { mac } from "../checks/mac.ts";
import { encryptPlainToken } from "../handshakes/computed-challenge.ts";
import type { Scheme } from "../scheme.ts";

/** Checked over the raw bytes, where Zoom's own sample hashes the body serialised again. */
export const zoom: Scheme = {
  name: "zoom",
  title: "Zoom",
  docs: "https://developers.zoom.us/docs/api/webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-zm-signature", prefix: "v0=", encoding: "hex" },
    timestamp: { header: "x-zm-request-timestamp", unit: "seconds" },
    content: "v0:{timestamp}:{body}",
  }),
  event: { type: { json: "event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: encryptPlainToken,
  answerWithinMs: 3000,
  retries: "After 5, 20 and 60 minutes.",
};
