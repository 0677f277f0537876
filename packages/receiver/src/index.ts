export type { RawBody } from "./bytes.ts";
export type { CryptoProvider, HashName, SignatureAlgorithm } from "./crypto-provider.ts";
export { custom } from "./custom.ts";
export type { CustomCheck, CustomScheme } from "./custom.ts";
export type { Diagnosis, TextEncoding } from "./diagnosis.ts";
export { derivePublicKey, generateSecret, generateSigningKey } from "./generate.ts";
export type { RandomBytes, SigningKeyPair } from "./generate.ts";
export { answerHandshake } from "./handshake.ts";
export type { HeaderSource, WithHeaders } from "./header-source.ts";
export type {
  Claim,
  DeadReason,
  EntryCounts,
  EntryState,
  Failure,
  NewEntry,
  StoredEntry,
} from "./inbox/entry.ts";
export type { ReceivedEvent } from "./inbox/event.ts";
export type { Handler, HandlerContext } from "./inbox/handler.ts";
export type { EntryQuery, Inbox } from "./inbox/inbox.ts";
export { memoryInbox } from "./inbox/memory-inbox.ts";
export type { Notice } from "./inbox/notice.ts";
export { postgresInbox } from "./inbox/postgres-inbox.ts";
export type {
  PostgresInbox,
  PostgresInboxOptions,
  PostgresPool,
  PostgresQueries,
} from "./inbox/postgres-inbox.ts";
export { createReceiver } from "./inbox/receiver.ts";
export type { Receiver } from "./inbox/receiver.ts";
export type { ReceiverAnswer } from "./inbox/answer.ts";
export type {
  Delivery,
  DeliveryPart,
  EventSchemas,
  Handlers,
  ReceiverOptions,
} from "./inbox/receiver-options.ts";
export type { Deduplication } from "./inbox/deduplicate.ts";
export { redisInbox } from "./inbox/redis-inbox.ts";
export type { IoRedisClient, NodeRedisClient, RedisInboxOptions } from "./inbox/redis-inbox.ts";
export type { RetryPolicy } from "./inbox/retry.ts";
export { sqliteInbox } from "./inbox/sqlite-inbox.ts";
export type { SqliteDatabase, SqliteInboxOptions } from "./inbox/sqlite-inbox.ts";
export type { SchemaOutput, StandardSchema } from "./inbox/standard-schema.ts";
export type { InboundRequest } from "./request.ts";
export type {
  Check,
  ConfigField,
  EventPlaces,
  Handshake,
  HandshakeEffect,
  HandshakeResponse,
  KeyQuestion,
  KeyResolver,
  Place,
  Scheme,
  SchemeConfig,
} from "./scheme.ts";
export { github } from "./schemes/github.ts";
export { slack } from "./schemes/slack.ts";
export { standardWebhooks } from "./schemes/standard-webhooks.ts";
export { stripe } from "./schemes/stripe.ts";
export { formatSecret, parseSecret } from "./secret.ts";
export type { Secret, SecretParse, SecretProblem } from "./secret.ts";
export type { Jwk, JwkSet, SecretInput } from "./secret-input.ts";
export { sign } from "./sign.ts";
export type { MessageToSign, SignedRequest, SignOptions } from "./sign.ts";
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
