import type { InboundRequest } from "./request.ts";
import type { Handshake, HandshakeInput, Scheme } from "./scheme.ts";
import type { SecretInput } from "./secret-input.ts";
import { checkInput, judge } from "./verify.ts";
import type { VerifyOptions } from "./verify.ts";

/**
 * The answer to a provider's question whether this address wants its webhooks (`url_verification`,
 * `hub.challenge`, PING and their like). Undefined when the request is no such question: verify it. Call it for
 * every method, before `verify`. A refused one has its answer too.
 */
export async function answerHandshake(
  scheme: Scheme,
  request: InboundRequest,
  secrets: SecretInput | readonly SecretInput[] = [],
  options: VerifyOptions = {},
): Promise<Handshake | undefined> {
  if (scheme.handshake === undefined) return undefined;
  const input = await checkInput(scheme, request, secrets, options);
  if ("kind" in input) return undefined;
  const handshakeInput: HandshakeInput = {
    ...input,
    async verify() {
      const verdict = await judge(scheme, input, options);
      return verdict.kind === "rejected" ? verdict : undefined;
    },
  };
  return scheme.handshake(handshakeInput);
}
