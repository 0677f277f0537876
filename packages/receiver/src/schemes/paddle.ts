import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const paddle: Scheme = {
  name: "paddle",
  title: "Paddle",
  docs: "https://developer.paddle.com/webhooks/signature-verification",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "paddle-signature",
      parts: { separator: ";", timestamp: "ts", signature: "h1" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}:{body}",
  }),
  event: { id: { json: "event_id" }, type: { json: "event_type" } },
  defaultToleranceSeconds: 5,
  answerWithinMs: 5000,
  retries: "60 times in 3 days.",
  unconfirmed: ["The answer may take 5 seconds, and there are 60 retries in 3 days."],
};
