import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** Signs the body before it is compressed. */
export const streamChat: Scheme = {
  name: "stream-chat",
  title: "Stream Chat",
  docs: "https://getstream.io/chat/docs/node/webhooks_overview/",
  check: mac({ hash: "SHA-256", signature: { header: "x-signature", encoding: "hex" } }),
  event: { id: { header: "x-webhook-id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  compression: "inflate",
};
