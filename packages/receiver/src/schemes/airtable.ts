import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

/** The ping carries no data: fetch the payloads by their cursor. */
export const airtable: Scheme = {
  name: "airtable",
  title: "Airtable",
  docs: "https://airtable.com/developers/web/api/webhooks-overview",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-airtable-content-mac", prefix: "hmac-sha256=", encoding: "hex" },
    key: "base64",
  }),
  event: {},
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
};
