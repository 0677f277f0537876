import { pinned } from "../checks/combined.ts";
import { signedUrlField } from "../checks/called-url.ts";
import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

const older = { header: "x-hubspot-signature", encoding: "hex" } as const;

/** Deliveries carry v1 beside v3: only the pinned version is looked at. */
export const hubspot: Scheme = {
  name: "hubspot",
  title: "HubSpot",
  docs: "https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests",
  check: pinned({
    config: "version",
    otherwise: "v3",
    checks: {
      v3: mac({
        hash: "SHA-256",
        signature: { header: "x-hubspot-signature-v3", encoding: "base64" },
        timestamp: { header: "x-hubspot-request-timestamp", unit: "milliseconds" },
        content: "{method}{url}{body}{timestamp}",
      }),
      v2: mac({
        hash: "SHA-256",
        construction: "digest",
        signature: older,
        content: "{secret}{method}{url}{body}",
      }),
      v1: mac({
        hash: "SHA-256",
        construction: "digest",
        signature: older,
        content: "{secret}{body}",
      }),
    },
  }),
  event: { id: { json: "0.eventId" }, type: { json: "0.subscriptionType" } },
  defaultToleranceSeconds: 300,
  config: [
    signedUrlField,
    { name: "version", required: false, what: "v1, v2 or v3, where it is not v3" },
  ],
  // Nothing separates the URL from the body: only a body that is JSON shows where it begins.
  body: "json",
  answerWithinMs: 5000,
  retries: "10 times in 24 hours.",
  unconfirmed: [
    "The answer may take 5 seconds, and a delivery is repeated 10 times in 24 hours.",
    "Whether some escapes in the URL (such as %3A) are decoded before it is signed.",
  ],
};
