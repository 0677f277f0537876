import { mac } from "../checks/mac.ts";
import { answered, refused, textAnswer } from "../handshakes/answers.ts";
import { jsonBody } from "../json-body.ts";
import type { Handshake, HandshakeInput, Scheme } from "../scheme.ts";

export const slack: Scheme = {
  name: "slack",
  title: "Slack",
  docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
  check: mac({
    hash: "SHA-256",
    signature: { header: "x-slack-signature", prefix: "v0=", encoding: "hex" },
    timestamp: { header: "x-slack-request-timestamp", unit: "seconds" },
    content: "v0:{timestamp}:{body}",
  }),
  event: { id: { json: "event_id" }, type: { json: "event.type" } },
  defaultToleranceSeconds: 300,
  answerWithinMs: 3000,
  retries:
    "3 times: at once, after 1 minute, after 5. An answer with X-Slack-No-Retry: 1 ends them.",
  handshake: echoChallenge,
};

/** `url_verification` is signed like any delivery. */
async function echoChallenge(input: HandshakeInput): Promise<Handshake | undefined> {
  const { type, challenge } = jsonBody(input.request);
  if (type !== "url_verification" || typeof challenge !== "string") return undefined;
  const rejection = await input.verify();
  return rejection === undefined ? answered(textAnswer(challenge)) : refused(401, rejection);
}
