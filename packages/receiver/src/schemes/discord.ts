import { signed } from "../checks/signed.ts";
import { answered, emptyAnswer, jsonAnswer, refused } from "../handshakes/answers.ts";
import { asText, atPath } from "../event-places.ts";
import { jsonBody } from "../json-body.ts";
import type { Handshake, HandshakeInput, Scheme } from "../scheme.ts";

/** Webhook events and interactions. Discord probes with wrong signatures, and wants 401. */
export const discord: Scheme = {
  name: "discord",
  title: "Discord",
  docs: "https://docs.discord.com/developers/events/webhook-events",
  check: signed({
    algorithm: { kind: "ed25519" },
    signature: { header: "x-signature-ed25519", encoding: "hex-any" },
    timestamp: { header: "x-signature-timestamp", unit: "seconds" },
    content: "{timestamp}{body}",
  }),
  event: { id: { json: "id" }, type: { read: kindOf } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  body: "json",
  handshake: answerPing,
  answerWithinMs: 3000,
  retries: "With growing pauses for up to 10 minutes.",
};

/** An event names its type; an interaction has a number, and neither has a type when it is a PING. */
function kindOf(body: unknown): string | undefined {
  const named = asText(atPath(body, "event.type"));
  if (named !== undefined) return named;
  return atPath(body, "type") === 0 ? undefined : asText(atPath(body, "type"));
}

/** Type 1 is the PING of interactions, and of webhook events a real event; their PING is type 0. */
async function answerPing(input: HandshakeInput): Promise<Handshake | undefined> {
  const { type, event } = jsonBody(input.request);
  const isPing = type === 0 || (type === 1 && event === undefined);
  if (!isPing || input.request.method !== "POST") return undefined;
  const rejection = await input.verify();
  if (rejection !== undefined) return refused(401, rejection);
  return answered(type === 1 ? jsonAnswer({ type: 1 }) : emptyAnswer(204));
}
