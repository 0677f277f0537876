import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const bitbucket: Scheme = {
  name: "bitbucket",
  title: "Bitbucket",
  docs: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-hub-signature", prefix: "sha256=", encoding: "hex" },
  }),
  event: { id: { header: "x-request-uuid" }, type: { header: "x-event-key" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The header is X-Hub-Signature, with sha256=."],
};
