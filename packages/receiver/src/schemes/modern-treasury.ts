import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const modernTreasury: Scheme = {
  name: "modern-treasury",
  title: "Modern Treasury",
  docs: "https://docs.moderntreasury.com/platform/reference/webhooks",
  check: mac({ hash: "SHA-256", signature: { header: "x-signature", encoding: "hex" } }),
  event: {
    id: { header: "x-event-id" },
    type: { join: [{ header: "x-topic" }, { json: "event" }], with: "." },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["Id and topic are in X-Event-ID and X-Topic."],
};
