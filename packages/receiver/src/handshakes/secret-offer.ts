import { utf8 } from "../bytes.ts";
import { jsonBody } from "../json-body.ts";
import type { Handshake, HandshakeInput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import { answered, emptyAnswer, refused } from "./answers.ts";

/**
 * Asana: the X-Hook-Secret comes unsigned and is sent back. With a secret in use another one is refused: whoever
 * calls could replace it.
 */
export function offerHookSecret({ request, secrets }: HandshakeInput): Handshake | undefined {
  const [secret = "", ...more] = request.headers("x-hook-secret");
  if (secret.trim() === "" || more.length > 0) return undefined;
  if (inUse(secrets)) return refused(403, taken);
  if (!/^[\x21-\x7e]{1,512}$/.test(secret)) return refused(400, unfit);
  return answered(emptyAnswer(200, { "x-hook-secret": secret }), {
    kind: "secret-offered",
    secret,
  });
}

/** Notion: the token comes once, unsigned, and becomes the key when a person has copied it back. */
export function offerVerificationToken({
  request,
  secrets,
}: HandshakeInput): Handshake | undefined {
  if (request.method !== "POST" || request.headers("x-notion-signature").length > 0) {
    return undefined;
  }
  const { verification_token: secret } = jsonBody(request);
  if (typeof secret !== "string" || secret === "") return undefined;
  if (inUse(secrets)) return refused(403, taken);
  if (utf8(secret).length > 512) return refused(400, unfit);
  return answered(emptyAnswer(200), { kind: "secret-offered", secret });
}

function inUse(secrets: HandshakeInput["secrets"]): boolean {
  return secrets.some((secret) => secret !== undefined && secret !== null && secret !== "");
}

const taken = rejected(
  "signature",
  "A secret was offered while another is in use: give no secrets while you register the webhook anew.",
);
const unfit = rejected("malformed", "The offered secret is too long, or not printable ASCII.");
