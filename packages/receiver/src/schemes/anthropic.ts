import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

export const anthropic: Scheme = {
  name: "anthropic",
  title: "Anthropic",
  docs: "https://docs.claude.com/en/api/webhooks",
  check: standard({ family: "webhook", key: "whsec" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "type" } },
  defaultToleranceSeconds: 300,
};
