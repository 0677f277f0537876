import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const sentry: Scheme = {
  name: "sentry",
  title: "Sentry",
  docs: "https://docs.sentry.io/organization/integrations/integration-platform/webhooks/",
  check: mac({ hash: "SHA-256", signature: { header: "sentry-hook-signature", encoding: "hex" } }),
  event: { id: { header: "request-id" }, type: { header: "sentry-hook-resource" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The signature is an HMAC-SHA256 keyed with the client secret."],
};
