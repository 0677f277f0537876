import { mac } from "../checks/mac.ts";
import { echoChallengeParameter } from "../handshakes/query-challenge.ts";
import { firstKey } from "../json-body.ts";
import type { Scheme } from "../scheme.ts";

/** The body names accounts that changed, and no event: ask for the changes. */
export const dropbox: Scheme = {
  name: "dropbox",
  title: "Dropbox",
  docs: "https://www.dropbox.com/developers/reference/webhooks",
  check: mac({ hash: "SHA-256", signature: { header: "x-dropbox-signature", encoding: "hex" } }),
  event: { type: { read: firstKey } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: echoChallengeParameter,
  answerWithinMs: 10_000,
  unconfirmed: [
    "The signature is an HMAC-SHA256 keyed with the app secret.",
    "The answer may take 10 seconds.",
  ],
};
