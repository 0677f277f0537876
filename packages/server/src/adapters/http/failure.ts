import type { ErrorClass } from "../../domain/outcome.ts";

/** Why a request got no answer, as the attempt records it. */
export interface Failure {
  readonly errorClass: ErrorClass;
  readonly detail: string;
}

export function failure(errorClass: ErrorClass, detail: string): Failure {
  return { errorClass, detail };
}

/** The system's or library's code (`ECONNRESET`, `CERT_HAS_EXPIRED`): unlike the message, never a secret. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  if ("code" in error && typeof error.code === "string") return error.code;
  // Several addresses were tried and each failed: the first says as much as the others.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error.name;
}

export function connectFailure(error: unknown): Failure {
  const code = codeOf(error);
  if (code === "ECONNREFUSED") {
    return failure(
      "connection-refused",
      "Nothing listens at this address and port (ECONNREFUSED).",
    );
  }
  if (code === "ETIMEDOUT") {
    return failure("connect-timeout", "The address did not answer the connection (ETIMEDOUT).");
  }
  return failure("connection-failed", `The connection could not be made (${code}).`);
}

export function lookupFailure(error: unknown): Failure {
  const code = codeOf(error);
  return code === "ENOTFOUND"
    ? failure("dns-failed", "The host name does not exist in DNS (ENOTFOUND).")
    : failure("dns-failed", `The host name could not be resolved (${code}).`);
}

const tlsHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the receiver's certificate has expired",
  CERT_NOT_YET_VALID: "the receiver's certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the receiver's certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the receiver's certificate comes from an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "the receiver's certificate comes from an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the receiver does not send its intermediate certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "the receiver's certificate is for another host name",
  ECONNRESET: "the receiver closed the connection during the handshake",
  EPROTO: "the receiver does not speak TLS, or no version in common",
  ERR_SSL_WRONG_VERSION_NUMBER: "the receiver does not speak TLS on this port",
};

export function tlsFailure(error: unknown): Failure {
  const code = codeOf(error);
  const hint = tlsHints[code];
  return failure(
    "tls-failed",
    hint === undefined ? `TLS failed (${code}).` : `TLS failed: ${hint} (${code}).`,
  );
}

/** After the first byte of the request was handed to the system, and before the answer's headers were complete. */
export function answerFailure(error: unknown): Failure {
  const code = codeOf(error);
  if (code === "UND_ERR_HEADERS_OVERFLOW") {
    return failure("response-headers-too-large", "The answer's headers are too large.");
  }
  if (isRefusedAnswer(error)) {
    const why = error.message.replace(/^Response does not match.*\((.*)\)$/, "$1");
    return failure("malformed-response", `The answer is not valid HTTP/1.1 (${why}).`);
  }
  return failure(
    "connection-reset",
    `The connection ended before the answer was complete (${code}).`,
  );
}

/**
 * The parser's own errors (their messages are its, never the peer's bytes), and what undici reports
 * as socket errors with these messages: an upgrade without a request for it, bytes out of turn.
 */
function isRefusedAnswer(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (error.name === "HTTPParserError" ||
      // Before the headers are complete it means two lengths, or a length beside chunks.
      codeOf(error) === "UND_ERR_RES_CONTENT_LENGTH_MISMATCH" ||
      error.message === "bad response" ||
      error.message === "bad upgrade")
  );
}

/** undici refused the request before it took a connection: a header that HTTP cannot carry. */
export function requestFailure(error: unknown): Failure | undefined {
  const code = codeOf(error);
  if (code !== "UND_ERR_INVALID_ARG" && code !== "UND_ERR_NOT_SUPPORTED") return undefined;
  const why = error instanceof Error ? error.message : code;
  return failure("invalid-url", `The request cannot be made: ${why}.`);
}
