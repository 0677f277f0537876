import { mac } from "../checks/mac.ts";
import type { Scheme } from "../scheme.ts";

export const circleci: Scheme = {
  name: "circleci",
  title: "CircleCI",
  docs: "https://circleci.com/docs/webhooks/",
  check: mac({
    hash: "SHA-256",
    signature: {
      header: "circleci-signature",
      parts: { separator: ",", signature: "v1" },
      encoding: "hex",
    },
  }),
  event: { id: { json: "id" }, type: { header: "circleci-event-type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  answerWithinMs: 10_000,
};
