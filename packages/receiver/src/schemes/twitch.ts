import { mac } from "../checks/mac.ts";
import { echoSignedChallenge } from "../handshakes/signed-challenge.ts";
import type { Scheme } from "../scheme.ts";

export const twitch: Scheme = {
  name: "twitch",
  title: "Twitch EventSub",
  docs: "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
  check: mac({
    hash: "SHA-256",
    signature: { header: "twitch-eventsub-message-signature", prefix: "sha256=", encoding: "hex" },
    timestamp: { header: "twitch-eventsub-message-timestamp", unit: "rfc3339" },
    id: "twitch-eventsub-message-id",
    content: "{id}{timestamp}{body}",
  }),
  event: {
    id: { header: "twitch-eventsub-message-id", signed: true },
    type: { header: "twitch-eventsub-subscription-type" },
  },
  defaultToleranceSeconds: 600,
  body: "json",
  handshake: echoSignedChallenge,
  retries: "A few, then the subscription is revoked.",
};
