import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { FastifyBaseLogger } from "fastify";
import type { Authenticate, Call, Caller } from "./auth.ts";
import type { ApiContext } from "./context.ts";
import { createRefuse } from "./error-handler.ts";
import type { JsonAnswer } from "./idempotency.ts";
import { plainMessage } from "./plain-message.ts";
import { InvalidRequest } from "./problems.ts";
import { publishCall } from "./publish-call.ts";
import { messageIn, type MessageIn } from "./schemas/message.ts";
import { parseJson, refuseOddities, validate } from "./validation.ts";

export interface DirectPublishParts {
  readonly context: ApiContext;
  readonly authenticate: Authenticate;
  readonly log: FastifyBaseLogger;
  readonly maxBodyBytes: number;
  readonly requestId: (request: IncomingMessage) => string;
  /** Notes an answer that is to be given, for what cannot be read behind it. */
  readonly track: (response: ServerResponse) => void;
  /** False once the server stops: what comes then is told to close its connection. */
  readonly isOpen: () => boolean;
  /** Takes whatever is not for this door. */
  readonly otherwise: RequestListener;
}

/** A request that this door takes. */
interface Taken {
  readonly name: string;
  readonly caller: Caller;
}

const before = "/api/v1/app/";
const after = "/msg";
const route = `${before}:app_id${after}`;
const plainName = /^[a-zA-Z0-9\-_.]{1,256}$/;
const contentType = "application/json; charset=utf-8";

/**
 * The hottest route past Fastify, for half of its CPU time: a publish by a known key, with a JSON
 * body of a length that is said and allowed, and nothing unusual about it. Whatever is else takes
 * Fastify's route, which answers the same; a test compares the two.
 */
export function createDirectPublish(parts: DirectPublishParts): RequestListener {
  const refuse = createRefuse(parts.log);

  function judge(request: IncomingMessage): Taken | undefined {
    const name = request.method === "POST" ? nameIn(request.url ?? "") : undefined;
    if (name === undefined || !parts.isOpen() || !isPlain(request, parts.maxBodyBytes)) {
      return undefined;
    }
    const caller = parts.authenticate.known(request.headers.authorization);
    return caller === undefined ? undefined : { name, caller };
  }

  async function answer(taken: Taken, request: IncomingMessage, rawBody: Buffer) {
    const { headers, method = "POST", url = "" } = request;
    const call: Call = { caller: taken.caller, headers, method, rawBody, url };
    const parsed = parseJson(rawBody);
    const body = plainMessage(parsed) ?? validMessage(parsed);
    return publishCall(parts.context, { call, name: taken.name, body, withContent: true });
  }

  function refusal(error: unknown, requestId: string): JsonAnswer & { headers: object } {
    const { body, headers, status } = refuse(error, requestId, route);
    return { status, json: JSON.stringify(body), headers };
  }

  return (request, response) => {
    const taken = judge(request);
    if (taken === undefined) return parts.otherwise(request, response);
    const requestId = parts.requestId(request);
    parts.track(response);
    readBody(request, (rawBody) => {
      answer(taken, request, rawBody)
        .catch((error: unknown) => refusal(error, requestId))
        .then((answered) => send(response, requestId, answered))
        .catch((error: unknown) => {
          parts.log.error({ err: error, reqId: requestId, route }, "an answer could not be sent");
          response.destroy();
        });
    });
  };
}

function validMessage(parsed: unknown): MessageIn {
  refuseOddities(parsed);
  const valid = validate(messageIn, parsed, "body");
  if (valid instanceof InvalidRequest) throw valid;
  return valid.value;
}

function nameIn(url: string): string | undefined {
  if (!url.startsWith(before) || !url.endsWith(after)) return undefined;
  const name = url.slice(before.length, -after.length);
  return plainName.test(name) ? name : undefined;
}

function isPlain({ headers, httpVersion }: IncomingMessage, maxBodyBytes: number): boolean {
  const length = Number(headers["content-length"] ?? Number.NaN);
  return (
    headers["content-type"] === "application/json" &&
    length > 0 &&
    length <= maxBodyBytes &&
    httpVersion === "1.1" &&
    headers.host !== undefined &&
    headers["content-encoding"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    headers.expect === undefined &&
    headers.origin === undefined
  );
}

/** `read` is not called for a body that breaks off: nobody waits for an answer. */
function readBody(request: IncomingMessage, read: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("error", () => chunks.splice(0));
  request.on("end", () => {
    const [first, ...rest] = chunks;
    read(first !== undefined && rest.length === 0 ? first : Buffer.concat(chunks));
  });
}

function send(
  response: ServerResponse,
  requestId: string,
  answered: JsonAnswer & { readonly headers?: object },
): void {
  const json = answered.json ?? "";
  response.writeHead(answered.status, {
    "x-request-id": requestId,
    ...answered.headers,
    "content-type": contentType,
    "content-length": Buffer.byteLength(json),
  });
  response.end(json);
}
