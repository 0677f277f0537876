import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

/** A secret without `whsec_` is used as its text, as OpenAI's libraries do. */
export const openai: Scheme = {
  name: "openai",
  title: "OpenAI",
  docs: "https://platform.openai.com/docs/guides/webhooks",
  check: standard({ family: "webhook", key: "whsec-or-text" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 20_000,
  retries: "Up to 72 hours.",
  unconfirmed: ["Retries go on for 72 hours."],
};
