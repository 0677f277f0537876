import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const gitea: Scheme = {
  name: "gitea",
  title: "Gitea, Forgejo",
  docs: "https://docs.gitea.com/usage/webhooks",
  check: mac({ hash: "SHA-256", signature: { header: "x-gitea-signature", encoding: "hex" } }),
  event: { id: { header: "x-gitea-delivery" }, type: { header: "x-gitea-event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The signature is an HMAC-SHA256 in bare hex."],
};
