import { mac } from "../checks/mac.ts";
import { answerCrc } from "../handshakes/computed-challenge.ts";
import { isRecord } from "../json-body.ts";
import type { Scheme } from "../scheme.ts";

export const xTwitter: Scheme = {
  name: "x-twitter",
  title: "X (Twitter)",
  docs: "https://docs.x.com/x-api/webhooks/quickstart",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-twitter-webhooks-signature", prefix: "sha256=", encoding: "base64" },
  }),
  event: { type: { read: eventKey } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  handshake: answerCrc,
  answerWithinMs: 3000,
};

/** The member that holds the events; the others say for whom they are. */
function eventKey(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  return Object.keys(body).find((key) => Array.isArray(body[key]) || isRecord(body[key]));
}
