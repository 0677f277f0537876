import { pinned } from "../checks/combined.ts";
import { mac } from "../checks/mac.ts";
import type { HashName } from "../crypto-provider.ts";
import type { Check, Scheme } from "../scheme.ts";

export const cloudinary: Scheme = {
  name: "cloudinary",
  title: "Cloudinary",
  docs: "https://cloudinary.com/documentation/notification_signatures",
  check: pinned({
    config: "algorithm",
    otherwise: "sha1",
    checks: { sha1: hashed("SHA-1"), sha256: hashed("SHA-256") },
  }),
  config: [
    { name: "algorithm", required: false, what: "sha1, or sha256 where the account signs with it" },
  ],
  event: { id: { json: "request_id" }, type: { json: "notification_type" } },
  defaultToleranceSeconds: 7200,
  body: "json",
};

/** A plain hash with the secret at its end, which no length extension reaches. */
function hashed(hash: HashName): Check {
  return mac({
    hash,
    construction: "digest",
    signature: { header: "x-cld-signature", encoding: "hex" },
    timestamp: { header: "x-cld-timestamp", unit: "seconds" },
    content: "{body}{timestamp}{secret}",
  });
}
