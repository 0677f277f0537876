import { jsonBody } from "../json-body.ts";
import type { Handshake, HandshakeInput } from "../scheme.ts";
import { answered, refused, textAnswer } from "./answers.ts";

/** Twitch: a signed message whose type says that it is the question. */
export async function echoSignedChallenge(input: HandshakeInput): Promise<Handshake | undefined> {
  const [type] = input.request.headers("twitch-eventsub-message-type");
  const { challenge } = jsonBody(input.request);
  if (type !== "webhook_callback_verification" || typeof challenge !== "string") return undefined;
  const rejection = await input.verify();
  return rejection === undefined ? answered(textAnswer(challenge)) : refused(403, rejection);
}
