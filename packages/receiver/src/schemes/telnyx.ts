import { signed } from "../checks/signed.ts";
import type { Scheme } from "../scheme.ts";

export const telnyx: Scheme = {
  name: "telnyx",
  title: "Telnyx",
  docs: "https://developers.telnyx.com/development/api-fundamentals/webhooks/receiving-webhooks",
  check: signed({
    algorithm: { kind: "ed25519" },
    signature: { header: "telnyx-signature-ed25519", encoding: "base64" },
    timestamp: { header: "telnyx-timestamp", unit: "seconds" },
    content: "{timestamp}|{body}",
  }),
  event: { id: { json: "data.id" }, type: { json: "data.event_type" } },
  defaultToleranceSeconds: 300,
};
