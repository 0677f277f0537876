import { mac } from "../checks/mac.ts";
import { echoWhenTokenMatches } from "../handshakes/hub-challenge.ts";
import type { Scheme } from "../scheme.ts";

/** Signs the body as it was sent: with `\\u` escapes for what is not ASCII. */
export const meta: Scheme = {
  name: "meta",
  title: "Meta (Facebook, Instagram, WhatsApp)",
  docs: "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-hub-signature-256", prefix: "sha256=", encoding: "hex" },
  }),
  event: { type: { json: "object" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: echoWhenTokenMatches,
  retries: "For up to 36 hours.",
  unconfirmed: [
    "The body is signed with its non-ASCII as lower-case \\u escapes.",
    "Retries go on for up to 36 hours.",
  ],
};
