import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** One header a key of the account, numbered. */
export const docusign: Scheme = {
  name: "docusign",
  title: "DocuSign",
  docs: "https://developers.docusign.com/platform/webhooks/connect/hmac/",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "x-docusign-signature-1",
      more: Array.from({ length: 99 }, (_, index) => `x-docusign-signature-${index + 2}`),
      encoding: "base64",
    },
  }),
  event: { type: { json: "event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The headers are numbered X-DocuSign-Signature-1 and on."],
};
