import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

export const resend: Scheme = {
  name: "resend",
  title: "Resend",
  docs: "https://resend.com/docs/webhooks/retries-and-replays",
  check: standard({ family: "svix", key: "whsec" }),
  event: { id: { header: "svix-id", signed: true }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 30_000,
  retries: "After 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h.",
};
