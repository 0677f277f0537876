import type { Handshake, HandshakeInput } from "../scheme.ts";
import { answered, textAnswer } from "./answers.ts";
import { queryOf } from "./query.ts";

/** Dropbox: GET `?challenge=`. */
export function echoChallengeParameter({ request }: HandshakeInput): Handshake | undefined {
  const challenge = request.method === "GET" ? queryOf(request)("challenge") : undefined;
  return challenge === undefined ? undefined : answered(textAnswer(challenge));
}

/** Microsoft Graph: POST `?validationToken=`, unsigned, also for the lifecycle URL. */
export function echoValidationToken({ request }: HandshakeInput): Handshake | undefined {
  const token = queryOf(request)("validationToken");
  return token === undefined ? undefined : answered(textAnswer(token));
}
