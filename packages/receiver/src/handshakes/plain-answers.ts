import type { Handshake, HandshakeInput } from "../scheme.ts";
import { answered, emptyAnswer } from "./answers.ts";

/** The provider looks with HEAD whether the address exists. */
export function answerHead({ request }: HandshakeInput): Handshake | undefined {
  return request.method === "HEAD" ? answered(emptyAnswer(200)) : undefined;
}
