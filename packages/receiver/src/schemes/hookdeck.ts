import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** During a rotation the second header carries the new secret's signature. */
export const hookdeck: Scheme = {
  name: "hookdeck",
  title: "Hookdeck",
  docs: "https://hookdeck.com/docs/authentication",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "x-hookdeck-signature",
      more: ["x-hookdeck-signature-2"],
      encoding: "base64",
    },
  }),
  event: { id: { header: "x-hookdeck-eventid" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
