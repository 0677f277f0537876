import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const mux: Scheme = {
  name: "mux",
  title: "Mux",
  docs: "https://www.mux.com/docs/core/verify-webhook-signatures",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "mux-signature",
      parts: { separator: ",", timestamp: "t", signature: "v1" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}.{body}",
  }),
  event: { id: { json: "id" }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
};
