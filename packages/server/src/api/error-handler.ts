import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { StoreUnavailable, type StoreFault } from "../ports/store-errors.ts";
import { lingering } from "./lingering.ts";
import { ApiProblem, InvalidRequest, problems, type ProblemCode } from "./problems.ts";

const storeProblems: Readonly<Record<StoreFault, ProblemCode>> = {
  "disk-full": "disk_full",
  "read-only": "store_read_only",
  "io-error": "store_io_error",
  corrupt: "store_corrupt",
  unreachable: "store_unreachable",
  busy: "store_busy",
  closed: "store_closed",
};

/** What is answered to a request that failed. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Turns whatever a route threw into the contract's JSON. */
export function createErrorHandler(log: FastifyBaseLogger) {
  const refuse = createRefuse(log);
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, headers, body } = refuse(error, request.id, request.routeOptions.url);
    if (status === 413) return refuseSize(request, reply);
    return reply.code(status).headers(headers).send(body);
  };
}

/** Says what is answered, and logs what is no fault of the caller. */
export function createRefuse(log: FastifyBaseLogger) {
  return (error: unknown, requestId: string, route: string | undefined): Refusal => {
    if (error instanceof InvalidRequest) {
      const code = error.problem === undefined ? {} : { code: error.problem };
      return { status: 422, headers: {}, body: { ...code, detail: error.issues } };
    }
    const problem = problemOf(error);
    const { code, message: detail, status } = problem;
    if (status >= 500) log.error({ err: error, reqId: requestId, route }, "request failed");
    return { status, headers: headersOf[status] ?? {}, body: { code, detail } };
  };
}

const headersOf: Readonly<Record<number, Refusal["headers"]>> = {
  401: { "www-authenticate": "Bearer" },
  503: { "retry-after": "1" },
};

function refuseSize(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = JSON.stringify(problemBody("payload_too_large"));
  return reply
    .code(413)
    .header("connection", "close")
    .header("content-type", "application/json; charset=utf-8")
    .header("content-length", body.length)
    .send(lingering(request.raw, body));
}

export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof StoreUnavailable) return new ApiProblem(storeProblems[error.fault]);
  if (isFastifyError(error)) return new ApiProblem(frameworkProblem(error));
  return new ApiProblem("server_error");
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

function frameworkProblem(error: FastifyError): ProblemCode {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return "payload_too_large";
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return "unsupported_media_type";
    case "FST_ERR_BAD_URL":
      return "malformed_path";
    case "FST_ERR_MAX_PARAM_LENGTH":
      return "not_found";
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return "malformed_request";
    default:
      return error.statusCode !== undefined && error.statusCode < 500
        ? "malformed_request"
        : "server_error";
  }
}

export function problemBody(code: ProblemCode): { code: ProblemCode; detail: string } {
  return { code, detail: problems[code][1] };
}
