import { decodeCanonicalBase64, encodeBase64, utf8 } from "../bytes.ts";
import { signCertified, verifyCertified } from "../checks/certificate.ts";
import { crc32 } from "../checks/crc32.ts";
import { headerOnce } from "../checks/header-once.ts";
import { formatTime, parseTime } from "../checks/timestamp.ts";
import type { Check, Checked, CheckInput, Scheme, SignInput, SignOutput } from "../scheme.ts";
import { rejected } from "../verdict.ts";
import type { Rejected } from "../verdict.ts";

const certificateUrlShape =
  /^https:\/\/api(?:-m)?(?:\.sandbox)?\.paypal\.com\/v1\/notifications\/certs\/[\w-]+$/;

/**
 * Code of its own: the signature covers a CRC of the body, and its certificate stands at a URL in the headers. A CRC is
 * no hash, so whoever saw one delivery can make another body with it: `coversBody` is false.
 */
const overCrc: Check = { kind: "rsa", coversBody: false, verify: verifyPayPal, sign: signPayPal };

/** Take an event as a hint, and read what it names from PayPal's API before money moves. */
export const paypal: Scheme = {
  name: "paypal",
  title: "PayPal",
  docs: "https://developer.paypal.com/api/rest/webhooks/rest/",
  check: overCrc,
  event: { id: { json: "id" }, type: { json: "event_type" } },
  defaultToleranceSeconds: Number.POSITIVE_INFINITY,
  config: [
    { name: "webhookId", required: true, what: "The webhook's id, which the dashboard shows" },
  ],
  certificateUrl: certificateUrlShape,
  body: "json",
  retries: "Up to 25 times in 3 days.",
  unconfirmed: ["Retries: up to 25 times in 3 days.", "The hosts and the path of certificates."],
};

const names = {
  signature: "paypal-transmission-sig",
  id: "paypal-transmission-id",
  time: "paypal-transmission-time",
  certificate: "paypal-cert-url",
  algorithm: "paypal-auth-algo",
} as const;

const algorithmName = "SHA256withRSA";
// No separator in it, so that nothing moves between the signed fields.
const idShape = /^[\w-]+$/;

async function verifyPayPal(input: CheckInput): Promise<Checked | Rejected> {
  const { request, config } = input;
  const webhookId = config["webhookId"];
  if (webhookId === undefined || webhookId === "") return noWebhookId;
  const signatureText = headerOnce(names.signature, request.headers);
  if (typeof signatureText === "object") return signatureText;
  const id = headerOnce(names.id, request.headers);
  if (typeof id === "object") return id;
  const time = headerOnce(names.time, request.headers);
  if (typeof time === "object") return time;
  const certificateUrl = headerOnce(names.certificate, request.headers);
  if (typeof certificateUrl === "object") return certificateUrl;
  const algorithm = headerOnce(names.algorithm, request.headers);
  if (typeof algorithm === "object") return algorithm;

  if (algorithm !== algorithmName) return malformed(names.algorithm, `not ${algorithmName}`);
  if (!certificateUrlShape.test(certificateUrl)) {
    return malformed(names.certificate, "no address of PayPal's certificates");
  }
  const signature = decodeCanonicalBase64(signatureText);
  if (signature === undefined) return malformed(names.signature, "no base64: was it cut off?");
  const timestampMs = parseTime("rfc3339", time);
  if (timestampMs === undefined) return malformed(names.time, "no time in RFC 3339");
  if (!idShape.test(id)) return malformed(names.id, "no id");
  const data = signedText({ id, time, webhookId, body: request.body });
  return verifyCertified({ hash: "SHA-256", certificateUrl, signature, data, timestampMs }, input);
}

function signedText(fields: {
  readonly id: string;
  readonly time: string;
  readonly webhookId: string;
  readonly body: Uint8Array;
}): Uint8Array {
  const { id, time, webhookId, body } = fields;
  return utf8(`${id}|${time}|${webhookId}|${crc32(body)}`);
}

function malformed(name: string, what: string): Rejected {
  return rejected("malformed", `The header ${name} is ${what}.`);
}

const noWebhookId = rejected(
  "bad-config",
  "This scheme signs the webhook's id: give webhookId in config, as the dashboard shows it.",
);

async function signPayPal(input: SignInput): Promise<SignOutput> {
  const { id, body, config } = input;
  const webhookId = config["webhookId"];
  if (webhookId === undefined || webhookId === "") throw new TypeError(noWebhookId.detail);
  if (!idShape.test(id)) throw new TypeError("The id must be letters, digits, _ and -.");
  const time = formatTime("rfc3339", input.timestampMs);
  const data = signedText({ id, time, webhookId, body });
  return {
    headers: {
      [names.id]: id,
      [names.time]: time,
      [names.certificate]: "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-example",
      [names.algorithm]: algorithmName,
      [names.signature]: encodeBase64(await signCertified("SHA-256", data, input)),
    },
  };
}
