import type { RequestListener, Server } from "node:http";
import cors from "@fastify/cors";
import fastify, { LogController, type FastifyInstance, type FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { ApiParts } from "./api-parts.ts";
import { createAuthenticate, guard, type Authenticate } from "./auth.ts";
import { createContext, type ApiContext } from "./context.ts";
import { createClientErrors } from "./client-errors.ts";
import { connectionOptions } from "./connection-limits.ts";
import { createDirectIngest } from "./direct-ingest.ts";
import { createDirectPublish, type DirectPublishParts } from "./direct-publish.ts";
import { createErrorHandler } from "./error-handler.ts";
import { answerUnknownRoutes } from "./not-found.ts";
import { describeApi } from "./openapi.ts";
import type { Api } from "./api.ts";
import { ApiProblem } from "./problems.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { attemptRoutes } from "./routes/attempts.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { endpointHeaderRoutes } from "./routes/endpoint-headers.ts";
import { endpointHistoryRoutes } from "./routes/endpoint-history.ts";
import { endpointLaneRoutes } from "./routes/endpoint-lane.ts";
import { endpointSecretRoutes } from "./routes/endpoint-secrets.ts";
import { endpointStateRoutes } from "./routes/endpoint-state.ts";
import { endpointRoutes } from "./routes/endpoints.ts";
import { eventTypeImportRoutes } from "./routes/event-type-import.ts";
import { eventTypeRoutes } from "./routes/event-types.ts";
import { healthRoutes } from "./routes/health.ts";
import { messageRoutes } from "./routes/messages.ts";
import { publishRoutes } from "./routes/publish.ts";
import { resendRoutes } from "./routes/resend.ts";
import { routingRoutes } from "./routes/routing.ts";
import { sendExampleRoutes } from "./routes/send-example.ts";
import { sourceRequestRoutes } from "./routes/source-requests.ts";
import { sourceStateRoutes } from "./routes/source-state.ts";
import { sourceRoutes } from "./routes/sources.ts";
import { workerRoutes } from "./routes/workers.ts";
import { referenceRoutes } from "./routes/reference.ts";
import { stopInTime } from "./stop-in-time.ts";
import { parseJsonBody, validatorCompiler } from "./validation.ts";

const prefix = "/api/v1";
/** What a body may hold besides the payload. */
const envelopeBytes = 64 * 1024;

/** The HTTP API over the stages. It listens to nothing until its `listen` is called. */
export function createApi(parts: ApiParts): FastifyInstance {
  const { settings, log } = parts;
  const handleError = createErrorHandler(log);
  const clientErrors = createClientErrors();
  const requestId = createRequestIds(parts.random);
  const maxBodyBytes = settings.maxPayloadBytes + envelopeBytes;
  const api: Api = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // Nothing is logged through a request, so none needs a logger of its own (two µs each).
    childLoggerFactory: (logger) => logger,
    bodyLimit: maxBodyBytes,
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    genReqId: requestId,
    exposeHeadRoutes: false,
    ...connectionOptions(settings.connections),
    // What arrives while the server stops is still answered: the store closes after the API.
    return503OnClosing: false,
    clientErrorHandler: clientErrors.answer,
    // A uid has up to 256 characters, each of which may come percent-encoded.
    routerOptions: { maxParamLength: 1024 },
    // Clients 1.x keep the slash at the end of the server's URL.
    rewriteUrl: (request) => collapseSlashes(request.url ?? "/"),
    // What no route could be looked up for comes past the hooks.
    frameworkErrors: (error, request, reply) => {
      reply.header("x-request-id", request.id);
      clientErrors.track(reply.raw);
      void handleError(error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();

  api.setErrorHandler(handleError);
  api.setValidatorCompiler(validatorCompiler);
  // Response schemas are for the reference; what is sent is built by hand.
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
  api.removeAllContentTypeParsers();
  api.addContentTypeParser<Buffer>(
    "application/json",
    { parseAs: "buffer" },
    async (request: FastifyRequest, bytes: Buffer) => {
      request.rawBody = bytes;
      return parseJsonBody(request, bytes);
    },
  );
  api.decorateRequest("caller", null);
  api.decorateRequest("rawBody", null);
  api.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    clientErrors.track(reply.raw);
    requireHost(request);
  });
  const { isOpen } = stopInTime(api);
  if (settings.corsOrigins.length > 0) {
    const all = settings.corsOrigins.includes("*");
    void api.register(cors, { origin: all ? "*" : [...settings.corsOrigins] });
  }
  const { track } = clientErrors;
  answerRoutes(api, parts, { requestId, maxBodyBytes, track, isOpen });
  return api;
}

type Doors = Omit<DirectPublishParts, "log" | "otherwise">;

/** All that is answered: of a process that only delivers no more than its health. */
function answerRoutes(
  api: Api,
  parts: ApiParts,
  doors: Omit<Doors, "context" | "authenticate">,
): void {
  const everything = parts.serves !== "health";
  describeApi(api, parts.settings);
  answerUnknownRoutes(api, everything ? "not_found" : "api_elsewhere");
  const context = createContext(parts);
  const authenticate = createAuthenticate(context.store);
  addRoutes(api, context, authenticate, everything ? allResources : [healthRoutes]);
  if (!everything) return;
  void api.register(async (routes: Api) => referenceRoutes(routes));
  openDoors(api, parts, { ...doors, context, authenticate });
}

/** The doors past Fastify, each in front of the one before: publishes, and requests at sources. */
function openDoors(api: Api, { log, now, settings }: ApiParts, shared: Doors): void {
  const { context, isOpen, requestId, track } = shared;
  putBefore(api.server, (otherwise) => createDirectPublish({ ...shared, log, otherwise }));
  const { gate, requestLog, sources } = context;
  const { maxInboundBytes: maxBodyBytes, publicUrl } = settings;
  const inbound = { gate, sources, now, log, maxBodyBytes, publicUrl, requestId, track, isOpen };
  putBefore(api.server, (otherwise) => createDirectIngest({ ...inbound, otherwise }));
  api.addHook("onClose", () => requestLog.close());
}

/** Puts a listener in front of that which the server has. */
function putBefore(server: Server, make: (otherwise: RequestListener) => RequestListener): void {
  const found = server.listeners("request");
  server.removeAllListeners("request");
  server.on(
    "request",
    make((request, response) => {
      for (const listener of found) listener.call(server, request, response);
    }),
  );
}

const allResources = [
  apiKeyRoutes,
  applicationRoutes,
  attemptRoutes,
  deliveryRoutes,
  endpointHeaderRoutes,
  endpointHistoryRoutes,
  endpointLaneRoutes,
  endpointSecretRoutes,
  endpointStateRoutes,
  endpointRoutes,
  eventTypeImportRoutes,
  eventTypeRoutes,
  healthRoutes,
  messageRoutes,
  publishRoutes,
  resendRoutes,
  routingRoutes,
  sendExampleRoutes,
  sourceRequestRoutes,
  sourceStateRoutes,
  sourceRoutes,
  workerRoutes,
];

function addRoutes(
  api: Api,
  context: ApiContext,
  authenticate: Authenticate,
  resources: readonly ((routes: Api, context: ApiContext) => void)[],
): void {
  void api.register(
    async (routes: Api) => {
      routes.addHook("onRequest", guard(authenticate));
      for (const add of resources) add(routes, context);
    },
    { prefix },
  );
}

function collapseSlashes(url: string): string {
  return url.startsWith("//") ? url.replace(/^\/+/, "/") : url;
}

/** RFC 9112 §3.2. */
function requireHost(request: FastifyRequest): void {
  if (request.raw.httpVersion === "1.1" && request.headers.host === undefined) {
    throw new ApiProblem("malformed_request", "HTTP/1.1 needs a Host header.");
  }
}

const sane = /^[A-Za-z0-9._:-]{1,128}$/;

/** Takes over the caller's id, so that its log and ours can be read together. */
function createRequestIds(random: (length: number) => Uint8Array) {
  const process = Buffer.from(random(6)).toString("base64url");
  let count = 0;
  return (request: { readonly headers: Readonly<Record<string, unknown>> }): string => {
    const given = request.headers["x-request-id"];
    if (typeof given === "string" && sane.test(given)) return given;
    count += 1;
    return `req_${process}${count.toString(36)}`;
  };
}
