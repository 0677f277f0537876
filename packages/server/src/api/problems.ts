/**
 * Every error that the API answers, but for plain validation (which says where it looked). One
 * list, so that `docs/errors.md` and the OpenAPI document cannot differ from it.
 */
export const problems = {
  malformed_path: [400, "The path holds a percent-encoding that cannot be read."],
  malformed_request: [400, "The request cannot be read as HTTP."],
  authentication_failed: [401, "The API key is missing, unknown or revoked."],
  insufficient_access: [403, "The API key may not do this."],
  not_found: [404, "There is no such route."],
  application_not_found: [404, "There is no such application."],
  endpoint_not_found: [404, "There is no such endpoint in this application."],
  event_type_not_found: [404, "There is no such event type."],
  message_not_found: [404, "There is no such message in this application."],
  source_not_found: [404, "There is no such source."],
  request_not_found: [404, "There is no such request at this source."],
  attempt_not_found: [404, "There is no such attempt of this message."],
  api_key_not_found: [404, "There is no such API key, or it is revoked already."],
  method_not_allowed: [405, "The route exists, but not with this method."],
  request_timeout: [408, "The request did not come in whole in time."],
  uid_taken: [409, "The uid is in use."],
  event_type_exists: [409, "There is an event type of this name."],
  event_id_taken: [409, "A message with this eventId exists."],
  api_key_created_before: [409, "A request with this idempotency key created an API key."],
  idempotency_in_progress: [409, "A request with this idempotency key is being worked on."],
  endpoint_disabled: [409, "The endpoint is disabled, so nothing can be sent to it."],
  content_deleted: [409, "The message's content was deleted, so it cannot be sent."],
  too_many_secrets: [409, "Too many secrets, or tokens of a source, are in force."],
  request_not_rejected: [409, "The request was not rejected, so there is nothing to verify again."],
  request_not_kept: [409, "The request is not kept any more, so it cannot be verified again."],
  payload_too_large: [413, "The payload, or the request's body, is larger than the limit."],
  unsupported_media_type: [415, "The request's body is not application/json."],
  idempotency_key_reused: [422, "The idempotency key was used for another request."],
  schema_violation: [422, "The payload does not keep the schema of its event type."],
  headers_too_large: [431, "The request's headers are larger than the limit."],
  server_error: [500, "An unexpected fault of the server."],
  api_elsewhere: [503, "This process only delivers: ask one that has the role api."],
  unhealthy: [503, "A part of the server does not work."],
  disk_full: [503, "The store's disk is full."],
  store_read_only: [503, "The store cannot be written to."],
  store_io_error: [503, "The store's disk failed to read or write."],
  store_corrupt: [503, "The store's files are damaged."],
  store_unreachable: [503, "The store's database cannot be reached."],
  store_busy: [503, "The store's database could not finish it in time."],
  store_closed: [503, "The server is stopping."],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof problems;

/** Thrown anywhere below a route; the error handler turns it into `{code, detail}`. */
export class ApiProblem extends Error {
  override name = "ApiProblem" as const;
  readonly code: ProblemCode;
  readonly status: number;

  constructor(code: ProblemCode, detail: string = problems[code][1]) {
    super(detail);
    this.code = code;
    this.status = problems[code][0];
  }
}

/** One fault of a request, as the wire contract writes it. */
export interface Issue {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

/** The request's content is at fault: 422 with the places. */
export class InvalidRequest extends Error {
  override name = "InvalidRequest" as const;
  readonly issues: readonly Issue[];
  /** Not `code`: Fastify writes its own there. */
  readonly problem: ProblemCode | undefined;

  constructor(issues: readonly Issue[], problem?: ProblemCode) {
    super(issues[0]?.msg ?? "The request is not valid.");
    this.issues = issues;
    this.problem = problem;
  }
}

export function invalidBody(
  path: readonly string[],
  msg: string,
  type = "value_error",
): InvalidRequest {
  return new InvalidRequest([{ loc: ["body", ...path], msg, type }]);
}

export function invalidQuery(name: string, msg: string): InvalidRequest {
  return new InvalidRequest([{ loc: ["query", name], msg, type: "value_error" }]);
}
