import { staticHeader } from "../checks/static-secret.ts";
import { isRecord } from "../json-body.ts";
import type { Scheme } from "../scheme.ts";

export const telegram: Scheme = {
  name: "telegram",
  title: "Telegram Bot API",
  docs: "https://core.telegram.org/bots/api#setwebhook",
  check: staticHeader("x-telegram-bot-api-secret-token"),
  event: { id: { json: "update_id" }, type: { read: updateKind } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The token is in X-Telegram-Bot-Api-Secret-Token."],
};

/** An update has one member beside its id, which says what it is. */
function updateKind(body: unknown): string | undefined {
  return isRecord(body) ? Object.keys(body).find((key) => key !== "update_id") : undefined;
}
