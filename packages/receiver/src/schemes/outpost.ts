import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const outpost: Scheme = {
  name: "outpost",
  title: "Hookdeck Outpost",
  docs: "https://hookdeck.com/docs/outpost/destinations/webhook",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-outpost-signature", prefix: "v0=", list: ",", encoding: "hex" },
  }),
  event: { id: { header: "x-outpost-event-id" }, type: { header: "x-outpost-topic" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
