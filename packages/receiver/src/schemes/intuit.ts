import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const intuit: Scheme = {
  name: "intuit",
  title: "Intuit (QuickBooks)",
  docs: "https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks",
  check: mac({ hash: "SHA-256", signature: { header: "intuit-signature", encoding: "base64" } }),
  event: {
    type: {
      join: [
        { json: "eventNotifications.0.dataChangeEvent.entities.0.name" },
        { json: "eventNotifications.0.dataChangeEvent.entities.0.operation" },
      ],
      with: ".",
    },
  },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The key is the verifier token as text."],
};
