import { encodeBase64, encodeHex, utf8 } from "../bytes.ts";
import { keyBytes } from "../checks/key-form.ts";
import { isRecord, jsonBody } from "../json-body.ts";
import type { CheckInput, Handshake, HandshakeInput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";
import { answered, jsonAnswer, refused } from "./answers.ts";
import { queryOf } from "./query.ts";

/** X: the HMAC of `crc_token` with the consumer secret. */
export async function answerCrc(input: HandshakeInput): Promise<Handshake | undefined> {
  const token = input.request.method === "GET" ? queryOf(input.request)("crc_token") : undefined;
  if (token === undefined) return undefined;
  const code = await codeOf(token, input);
  if ("kind" in code) return refused(500, code);
  return answered(jsonAnswer({ response_token: `sha256=${encodeBase64(code)}` }));
}

/** Zoom: the HMAC of a token in a signed body; asked again every 72 hours. */
export async function encryptPlainToken(input: HandshakeInput): Promise<Handshake | undefined> {
  const { event, payload } = jsonBody(input.request);
  if (event !== "endpoint.url_validation" || !isRecord(payload)) return undefined;
  const { plainToken } = payload;
  if (typeof plainToken !== "string") return undefined;
  const rejection = await input.verify();
  if (rejection !== undefined) return refused(401, rejection);
  const code = await codeOf(plainToken, input);
  if ("kind" in code) return refused(500, code);
  return answered(jsonAnswer({ plainToken, encryptedToken: encodeHex(code) }));
}

/** With the first secret, which is the current one. */
async function codeOf(
  text: string,
  { secrets: [secret], crypto }: CheckInput,
): Promise<Uint8Array | Rejected> {
  if (secret === undefined)
    return rejected("bad-secret", "No secret was given: give at least one.");
  const key = await keyBytes("text", secret, crypto);
  return "kind" in key ? key : crypto.hmac("SHA-256", key, [utf8(text)]);
}
