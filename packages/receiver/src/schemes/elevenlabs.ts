import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const elevenlabs: Scheme = {
  name: "elevenlabs",
  title: "ElevenLabs",
  docs: "https://elevenlabs.io/docs/overview/administration/webhooks",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "elevenlabs-signature",
      parts: { separator: ",", timestamp: "t", signature: "v0" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}.{body}",
  }),
  event: { type: { json: "type" } },
  defaultToleranceSeconds: 1800,
  answerWithinMs: 10_000,
};
