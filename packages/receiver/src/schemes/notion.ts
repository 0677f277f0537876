import { mac } from "../checks/mac.ts";
import { offerVerificationToken } from "../handshakes/secret-offer.ts";
import type { Scheme } from "../scheme.ts";

/** The key is the verification token that Notion sends once, when the webhook is made. */
export const notion: Scheme = {
  name: "notion",
  title: "Notion",
  docs: "https://developers.notion.com/reference/webhooks",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-notion-signature", prefix: "sha256=", encoding: "hex" },
  }),
  event: { id: { json: "id" }, type: { json: "type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: offerVerificationToken,
};
