import { standard } from "../checks/standard-webhooks.ts";
import type { Scheme } from "../scheme.ts";

export const lithic: Scheme = {
  name: "lithic",
  title: "Lithic",
  docs: "https://docs.lithic.com/docs/events-api",
  check: standard({ family: "webhook", key: "whsec" }),
  event: { id: { header: "webhook-id", signed: true }, type: { json: "event_type" } },
  defaultToleranceSeconds: 300,
};
