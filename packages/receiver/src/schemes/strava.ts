import { urlToken } from "../checks/unsigned.ts";
import { answerWhenTokenMatches } from "../handshakes/hub-challenge.ts";
import type { Scheme } from "../scheme.ts";

/** Strava signs nothing: put a secret into the callback's URL, as `?token=…`. */
export const strava: Scheme = {
  name: "strava",
  title: "Strava",
  docs: "https://developers.strava.com/docs/webhooks/",
  check: urlToken,
  event: { type: { join: [{ json: "object_type" }, { json: "aspect_type" }], with: "." } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [{ name: "verifyToken", required: true, what: "The verify token of the subscription" }],
  answerWithinMs: 2000,
  handshake: answerWhenTokenMatches,
  unconfirmed: ["The answer may take 2 seconds."],
};
