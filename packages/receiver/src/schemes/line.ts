import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const line: Scheme = {
  name: "line",
  title: "LINE",
  docs: "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
  check: mac({ hash: "SHA-256", signature: { header: "x-line-signature", encoding: "base64" } }),
  event: { id: { json: "events.0.webhookEventId" }, type: { json: "events.0.type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  retries: "None, unless redelivery is switched on.",
  unconfirmed: ["Redelivery is off unless it is switched on."],
};
