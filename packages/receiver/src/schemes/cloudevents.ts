import { urlToken } from "../checks/unsigned.ts";
import { permitAllowedOrigin } from "../handshakes/allowed-origin.ts";
import type { Scheme } from "../scheme.ts";

/** CloudEvents over HTTP in binary mode. Nothing is signed: put a secret into the URL, as `?token=…`. */
export const cloudevents: Scheme = {
  name: "cloudevents",
  title: "CloudEvents web hooks",
  docs: "https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md",
  check: urlToken,
  event: { id: { header: "ce-id" }, type: { header: "ce-type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [
    {
      name: "allowedOrigins",
      required: true,
      what: "The origins that may deliver, with commas between them",
    },
  ],
  handshake: permitAllowedOrigin,
};
