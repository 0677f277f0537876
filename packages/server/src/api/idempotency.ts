import { createHash, hash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { MessageId } from "../domain/ids.ts";
import type { Remember, RememberedAnswer, Repeated } from "../ports/remember.ts";
import { callerOf } from "./auth.ts";
import { ApiProblem, InvalidRequest } from "./problems.ts";

const rememberMs = 86_400_000;
const maxKeyLength = 256;

/** Makes what the store keeps beside the write; `undefined` when the caller sent no key. */
export type MakeRemember = (answer: RememberedAnswer) => Remember | undefined;

/**
 * Idempotency keys. A key belongs to one token and one path. The answer goes into the store in the
 * commit of the write that it guards, so both happen or neither; only one request with a key is
 * worked on at a time in this process, and between processes the store's unique key decides.
 */
export interface Idempotency {
  run<Answer>(
    request: FastifyRequest,
    work: (make: MakeRemember) => Promise<Answer>,
  ): Promise<Answer>;
}

export function createIdempotency(now: () => number): Idempotency {
  const running = new Set<string>();
  return {
    async run(request, work) {
      const key = keyOf(request);
      if (key === undefined) return work(() => undefined);
      const keyHash = hashOf([callerOf(request).tokenHash, request.method, pathOf(request), key]);
      if (running.has(keyHash)) throw new ApiProblem("idempotency_in_progress");
      running.add(keyHash);
      try {
        const requestHash = requestHashOf(request);
        return await work((answer) => ({
          keyHash,
          requestHash,
          expiresAt: now() + rememberMs,
          answer,
        }));
      } finally {
        running.delete(keyHash);
      }
    },
  };
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && key !== "" && key.length <= maxKeyLength) return key;
  const msg = `An idempotency key is one header of 1 to ${maxKeyLength} characters.`;
  throw new InvalidRequest([{ loc: ["header", "idempotency-key"], msg, type: "value_error" }]);
}

function pathOf(request: FastifyRequest): string {
  const query = request.url.indexOf("?");
  return query < 0 ? request.url : request.url.slice(0, query);
}

function requestHashOf(request: FastifyRequest): string {
  const query = request.url.indexOf("?");
  const digest = createHash("sha256");
  if (query >= 0) digest.update(request.url.slice(query));
  // Between the two, what neither holds: a query ends where the body begins.
  digest.update("\n");
  if (request.rawBody !== null) digest.update(request.rawBody);
  return digest.digest("hex");
}

function hashOf(parts: readonly string[]): string {
  return hash("sha256", parts.join("\n"));
}

/** Sends what was answered first, or refuses a key that was used for another request. */
export function answerRepeated(
  reply: FastifyReply,
  repeated: Repeated,
  showMessage: (message: MessageId) => Promise<string>,
): Promise<string | null> {
  if (repeated.kind === "key-reused") throw keyReused();
  const { answer } = repeated;
  reply.code(answer.status);
  if (answer.kind === "message") return showMessage(answer.message);
  return Promise.resolve(answer.json);
}

/** As `answerRepeated`, for routes that publish no message. */
export function repeatedBody(repeated: Repeated): { status: number; json: string | null } {
  if (repeated.kind === "key-reused") throw keyReused();
  if (repeated.answer.kind === "message") throw new Error("a key of a publish answered a write");
  return repeated.answer;
}

function keyReused(): InvalidRequest {
  const msg =
    "This idempotency key came with another body or query before: use a new key for a new request.";
  return new InvalidRequest(
    [{ loc: ["header", "idempotency-key"], msg, type: "idempotency_key_reused" }],
    "idempotency_key_reused",
  );
}
