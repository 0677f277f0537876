import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const buildkite: Scheme = {
  name: "buildkite",
  title: "Buildkite",
  docs: "https://buildkite.com/docs/apis/webhooks/pipelines",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "x-buildkite-signature",
      parts: { separator: ",", timestamp: "timestamp", signature: "signature" },
      encoding: "hex",
    },
    timestamp: { unit: "seconds" },
    content: "{timestamp}.{body}",
  }),
  event: { id: { header: "x-buildkite-request" }, type: { header: "x-buildkite-event" } },
  defaultToleranceSeconds: 300,
  unconfirmed: ["The id is in X-Buildkite-Request."],
};
