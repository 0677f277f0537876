import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { FastifyBaseLogger } from "fastify";
import type { HeaderPairs } from "../domain/provider-headers.ts";
import type { Arrival, GateAnswer } from "../ingest/arrival.ts";
import { awayAnswer, goneAnswer, problemAnswer, type Gate } from "../ingest/gate.ts";
import type { KnownSource, KnownSources } from "../ingest/known-sources.ts";
import { StoreUnavailable } from "../ports/store-errors.ts";
import { lingering } from "./lingering.ts";
import { baseUrl } from "./source-config.ts";

export interface DirectIngestParts {
  readonly gate: Gate;
  readonly sources: KnownSources;
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
  /** The largest body, where a source does not say less. */
  readonly maxBodyBytes: number;
  /** Where others reach this server; providers that sign the URL sign that one. */
  readonly publicUrl: string | undefined;
  readonly requestId: (request: IncomingMessage) => string;
  /** Notes an answer that is to be given, for what cannot be read behind it. */
  readonly track: (response: ServerResponse) => void;
  /** False once the server stops: what comes then is told to close its connection. */
  readonly isOpen: () => boolean;
  /** Takes whatever is not for this door. */
  readonly otherwise: RequestListener;
}

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

const prefix = "/in/";
const path = /^\/in\/([A-Za-z0-9_]{1,64})\/([A-Za-z0-9_-]{1,128})\/?(?:\?.*)?$/s;

/** The door of the sources: any method, any body, straight from `node:http` to the gate. */
export function createDirectIngest(parts: DirectIngestParts): RequestListener {
  return (request, response) => {
    const url = request.url ?? "";
    if (!url.startsWith(prefix)) return parts.otherwise(request, response);
    parts.track(response);
    const visit = { request, response, requestId: parts.requestId(request) };
    enter(parts, visit, url).catch((error: unknown) => {
      parts.log.error({ err: error, reqId: visit.requestId }, "an answer could not be sent");
      response.destroy();
    });
  };
}

async function enter(parts: DirectIngestParts, visit: Visit, url: string): Promise<void> {
  const [, id = "", token = ""] = path.exec(url) ?? [];
  let known: KnownSource | undefined;
  try {
    const found = parts.sources.find(id);
    known = found instanceof Promise ? await found : found;
  } catch (error) {
    return send(parts, visit, failure(parts, visit, error));
  }
  // A source that is not there is answered as a token that does not fit.
  if (known?.hasToken(token, parts.now()) !== true) return refuse(parts, visit, goneAnswer);
  const { maxBodyBytes } = known.source.config;
  const limit = Math.min(maxBodyBytes ?? parts.maxBodyBytes, parts.maxBodyBytes);
  const body = await readBody(visit.request, limit);
  if (body === undefined) return;
  const head = headOf(parts, visit.request, url);
  try {
    if (typeof body === "number") {
      refuse(parts, visit, await parts.gate.refuseSize(known, head, body));
    } else {
      send(parts, visit, await parts.gate.take(known, { ...head, body }));
    }
  } catch (error) {
    send(parts, visit, failure(parts, visit, error));
  }
}

function headOf(
  parts: DirectIngestParts,
  request: IncomingMessage,
  url: string,
): Omit<Arrival, "body"> {
  return {
    method: request.method ?? "POST",
    url: baseUrl(parts.publicUrl, request.headers.host) + url,
    headers: pairsOf(request.rawHeaders),
    receivedAt: parts.now(),
  };
}

function pairsOf(raw: readonly string[]): HeaderPairs {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return pairs;
}

/**
 * The body; how much came of one that breaks the limit; or `undefined` for one that breaks off:
 * nobody waits for an answer then.
 */
function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Uint8Array | number | undefined> {
  return new Promise((resolve) => {
    const said = Number(request.headers["content-length"] ?? 0);
    if (said > limit) return resolve(said);
    const chunks: Buffer[] = [];
    let size = 0;
    const add = (chunk: Buffer): void => {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size <= limit) return;
      // What comes now is read on by whoever answers, and forgotten.
      request.off("data", add);
      chunks.splice(0);
      resolve(size);
    };
    request.on("data", add);
    request.on("error", () => {
      chunks.splice(0);
      resolve(undefined);
    });
    request.on("end", () => {
      const [first, ...rest] = chunks;
      resolve(first !== undefined && rest.length === 0 ? first : Buffer.concat(chunks));
    });
  });
}

function failure(parts: DirectIngestParts, { requestId }: Visit, error: unknown): GateAnswer {
  parts.log.error({ err: error, reqId: requestId }, "a request at a source could not be taken");
  return error instanceof StoreUnavailable ? awayAnswer : problemAnswer(500);
}

/** Answers before the body has come in whole. */
function refuse(parts: DirectIngestParts, visit: Visit, answer: GateAnswer): void {
  const { request, response } = visit;
  if (request.complete || request.readableEnded) return send(parts, visit, answer);
  response.writeHead(answer.status, { ...headersOf(parts, visit, answer), connection: "close" });
  lingering(request, answer.body).pipe(response);
}

function send(parts: DirectIngestParts, visit: Visit, answer: GateAnswer): void {
  visit.response.writeHead(answer.status, headersOf(parts, visit, answer));
  visit.response.end(answer.body);
}

function headersOf(parts: DirectIngestParts, { requestId }: Visit, answer: GateAnswer) {
  return {
    ...answer.headers,
    "x-request-id": requestId,
    "content-length": Buffer.byteLength(answer.body),
    ...(parts.isOpen() ? {} : { connection: "close" }),
  };
}
