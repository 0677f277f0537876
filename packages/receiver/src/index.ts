export type { RawBody } from "./bytes.ts";
export type { CryptoProvider, HmacHash } from "./crypto-provider.ts";
export { derivePublicKey, generateSecret, generateSigningKey } from "./generate.ts";
export type { RandomBytes, SigningKeyPair } from "./generate.ts";
export type { HeaderSource, WithHeaders } from "./header-source.ts";
export { formatSecret, parseSecret } from "./secret.ts";
export type { Secret, SecretParse, SecretProblem } from "./secret.ts";
export type { SecretInput } from "./secret-input.ts";
export { sign } from "./sign.ts";
export type { MessageToSign } from "./sign.ts";
export {
  formatSignature,
  isWebhookId,
  signedBytes,
  signedPrefix,
  svixHeaders,
  webhookHeaders,
} from "./signed-content.ts";
export type { SignatureVersion, SvixHeaders, WebhookHeaders } from "./signed-content.ts";
export type { Rejected, RejectionReason, Verdict, Verified } from "./verdict.ts";
export { verify, verifyRequest } from "./verify.ts";
export type { RequestWithBody, VerifyOptions } from "./verify.ts";
export {
  isWebhookVerificationError,
  verifyOrThrow,
  WebhookVerificationError,
} from "./verify-or-throw.ts";
export { webCrypto } from "./web-crypto.ts";
