import { staticHeader } from "../checks/static-secret.ts";
import { answerVerificationHeader } from "../handshakes/header-challenge.ts";
import type { Scheme } from "../scheme.ts";

export const okta: Scheme = {
  name: "okta",
  title: "Okta event hooks",
  docs: "https://developer.okta.com/docs/concepts/event-hooks/",
  check: staticHeader("authorization"),
  event: { id: { json: "eventId" }, type: { json: "eventType" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: answerVerificationHeader,
  answerWithinMs: 3000,
  retries: "Once; not after a 4xx.",
};
