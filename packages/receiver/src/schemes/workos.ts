import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const workos: Scheme = {
  name: "workos",
  title: "WorkOS",
  docs: "https://workos.com/docs/events/data-syncing/webhooks",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "workos-signature",
      parts: { separator: ",", timestamp: "t", signature: "v1", spaced: true },
      encoding: "hex",
    },
    timestamp: { unit: "milliseconds" },
    content: "{timestamp}.{body}",
  }),
  event: { id: { json: "id" }, type: { json: "event" } },
  defaultToleranceSeconds: 180,
};
