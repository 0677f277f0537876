import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const cloudflareStream: Scheme = {
  name: "cloudflare-stream",
  title: "Cloudflare Stream",
  docs: "https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "webhook-signature",
      parts: { separator: ",", timestamp: "time", signature: "sig1" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}.{body}",
  }),
  event: { type: { json: "status.state" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The form of the signature."],
};
