import type { Handshake, HandshakeInput } from "../scheme.ts";
import { answered, jsonAnswer } from "./answers.ts";

/** Okta: the one GET, answered with the header's value. */
export function answerVerificationHeader({ request }: HandshakeInput): Handshake | undefined {
  const [verification = "", ...more] = request.headers("x-okta-verification-challenge");
  if (request.method !== "GET" || verification === "" || more.length > 0) return undefined;
  return answered(jsonAnswer({ verification }));
}
