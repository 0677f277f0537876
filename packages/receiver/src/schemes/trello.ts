import { mac } from "../checks/mac.ts";
import { signedUrlField } from "../checks/called-url.ts";
import { answerHead } from "../handshakes/plain-answers.ts";
import type { Scheme } from "../scheme.ts";

export const trello: Scheme = {
  name: "trello",
  title: "Trello",
  docs: "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/",
  check: mac({
    hash: "SHA-1",
    signature: { header: "x-trello-webhook", encoding: "base64" },
    content: "{body}{url}",
  }),
  event: { id: { json: "action.id" }, type: { json: "action.type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [signedUrlField],
  // Nothing separates the URL from the body: only a body that is JSON shows where it begins.
  body: "json",
  handshake: answerHead,
  unconfirmed: ["The form of the signature."],
};
