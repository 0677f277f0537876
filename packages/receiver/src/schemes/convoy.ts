import { pinned } from "../checks/combined.ts";
import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const convoy: Scheme = {
  name: "convoy",
  title: "Convoy",
  docs: "https://docs.getconvoy.io/product-manual/signatures",
  check: pinned({
    config: "mode",
    otherwise: "advanced",
    checks: {
      advanced: mac({
        hash: "SHA-256",
        signature: {
          header: "x-convoy-signature",
          parts: { separator: ",", timestamp: "t", signature: "v1" },
          encoding: "hex",
        },
        timestamp: { unit: "seconds" },
        content: "{timestamp},{body}",
      }),
      simple: mac({
        hash: "SHA-256",
        signature: { header: "x-convoy-signature", encoding: "hex" },
      }),
      "simple-sha512": mac({
        hash: "SHA-512",
        signature: { header: "x-convoy-signature", encoding: "hex" },
      }),
    },
  }),
  event: { type: { json: "event" } },
  defaultToleranceSeconds: 300,
  config: [
    {
      name: "mode",
      required: false,
      what: "advanced, simple or simple-sha512: as the project signs",
    },
  ],
};
