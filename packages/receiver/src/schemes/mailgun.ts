import { constantTimeEqual, decodeHex, encodeHex, utf8 } from "../bytes.ts";
import { keyBytes } from "../checks/key-form.ts";
import { mismatch } from "../checks/mismatch.ts";
import { parseTime } from "../checks/timestamp.ts";
import { isRecord, jsonBody } from "../json-body.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

/** Code of its own: the signature stands in the body, and covers a time and a token, but not the event. */
const inBody: Check = { kind: "hmac", coversBody: false, verify: verifyToken, sign: signToken };

export const mailgun: Scheme = {
  name: "mailgun",
  title: "Mailgun",
  docs: "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
  check: inBody,
  event: { id: { json: "event-data.id" }, type: { json: "event-data.event" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  unconfirmed: ["The form of the signature."],
};

async function verifyToken(input: CheckInput): Promise<Checked | Rejected> {
  const { signature: fields } = jsonBody(input.request);
  const { timestamp, token, signature } = isRecord(fields) ? fields : {};
  const time = typeof timestamp === "number" ? String(timestamp) : timestamp;
  if (typeof time !== "string" || typeof token !== "string" || typeof signature !== "string") {
    return rejected(
      "missing-header",
      "The body has no signature with timestamp, token and signature.",
    );
  }
  const timestampMs = parseTime("seconds", time);
  const code = decodeHex(signature);
  // Without a separator a digit could move from the time into the token: ten digits are the only form.
  if (timestampMs === undefined || time.length !== 10 || code?.length !== 32 || token === "") {
    return rejected(
      "malformed",
      "The signature's timestamp, token or signature is of another form.",
    );
  }
  let secretIndex = -1;
  for (const [index, secret] of input.secrets.entries()) {
    const key = await keyBytes("text", secret, input.crypto);
    if ("kind" in key) return key;
    const expected = await input.crypto.hmac("SHA-256", key, [utf8(time), utf8(token)]);
    if (constantTimeEqual(expected, code) && secretIndex < 0) secretIndex = index;
  }
  return secretIndex < 0 ? mismatch : { kind: "checked", secretIndex, timestampMs };
}

async function signToken(input: SignInput): Promise<SignOutput> {
  const [secret, ...more] = input.secrets;
  if (secret === undefined || more.length > 0) throw new TypeError("Give one secret to sign with.");
  const key = await keyBytes("text", secret, input.crypto);
  if ("kind" in key) throw new TypeError(key.detail);
  const timestamp = String(Math.floor(input.timestampMs / 1000));
  const token = encodeHex(globalThis.crypto.getRandomValues(new Uint8Array(25)));
  const code = await input.crypto.hmac("SHA-256", key, [utf8(timestamp), utf8(token)]);
  const signature = { timestamp, token, signature: encodeHex(code) };
  return { headers: {}, body: utf8(JSON.stringify({ ...jsonBody(input), signature })) };
}
