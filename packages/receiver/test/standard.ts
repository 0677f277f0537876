import type { RawBody } from "../src/bytes.ts";
import type { CryptoProvider } from "../src/crypto-provider.ts";
import type { HeaderSource, WithHeaders } from "../src/header-source.ts";
import { standardWebhooks } from "../src/schemes/standard-webhooks.ts";
import type { SecretInput } from "../src/secret-input.ts";
import { sign as signScheme } from "../src/sign.ts";
import type { MessageToSign } from "../src/sign.ts";
import type { WebhookHeaders } from "../src/signed-content.ts";
import type { Verdict } from "../src/verdict.ts";
import { verify as verifyScheme } from "../src/verify.ts";
import type { VerifyOptions } from "../src/verify.ts";

/** `verify` of the Standard Webhooks scheme, with the request's parts as arguments. */
export function verify(
  headers: HeaderSource | WithHeaders,
  body: RawBody,
  secrets: SecretInput | readonly SecretInput[],
  options: VerifyOptions = {},
): Promise<Verdict> {
  return verifyScheme(standardWebhooks, { headers, body }, secrets, options);
}

/** The three headers that `sign` makes for the Standard Webhooks scheme. */
export async function sign(
  message: MessageToSign,
  secrets: SecretInput | readonly SecretInput[],
  crypto?: CryptoProvider,
): Promise<WebhookHeaders> {
  const { headers } = await signScheme(standardWebhooks, message, secrets, { crypto });
  const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature } = headers;
  return {
    "webhook-id": id ?? "",
    "webhook-timestamp": time ?? "",
    "webhook-signature": signature ?? "",
  };
}
