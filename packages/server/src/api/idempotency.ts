import { createHash, hash } from "node:crypto";
import type { MessageId } from "../domain/ids.ts";
import type { Remember, RememberedAnswer, Repeated } from "../ports/remember.ts";
import { callerOf, type Call } from "./auth.ts";
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
  run<Answer>(call: Call, work: (make: MakeRemember) => Promise<Answer>): Promise<Answer>;
}

export function createIdempotency(now: () => number): Idempotency {
  const running = new Set<string>();
  return {
    async run(call, work) {
      const key = keyOf(call);
      if (key === undefined) return work(() => undefined);
      const keyHash = hashOf([callerOf(call).tokenHash, call.method, pathOf(call), key]);
      if (running.has(keyHash)) throw new ApiProblem("idempotency_in_progress");
      running.add(keyHash);
      try {
        const requestHash = requestHashOf(call);
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

function keyOf(call: Call): string | undefined {
  const key = call.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && key !== "" && key.length <= maxKeyLength) return key;
  const msg = `An idempotency key is one header of 1 to ${maxKeyLength} characters.`;
  throw new InvalidRequest([{ loc: ["header", "idempotency-key"], msg, type: "value_error" }]);
}

function pathOf({ url }: Call): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

function requestHashOf({ rawBody, url }: Call): string {
  const query = url.indexOf("?");
  const digest = createHash("sha256");
  if (query >= 0) digest.update(url.slice(query));
  // Between the two, what neither holds: a query ends where the body begins.
  digest.update("\n");
  if (rawBody !== null) digest.update(rawBody);
  return digest.digest("hex");
}

function hashOf(parts: readonly string[]): string {
  return hash("sha256", parts.join("\n"));
}

/** An answer that is JSON text already, so that a payload in it stays byte for byte what it was. */
export interface JsonAnswer {
  readonly status: number;
  readonly json: string | null;
}

/** What was answered first; throws for a key that was used for another request. */
export async function repeatedAnswer(
  repeated: Repeated,
  showMessage: (message: MessageId) => Promise<string>,
): Promise<JsonAnswer> {
  if (repeated.kind === "key-reused") throw keyReused();
  const { answer } = repeated;
  if (answer.kind === "body") return answer;
  return { status: answer.status, json: await showMessage(answer.message) };
}

/** As `repeatedAnswer`, for routes that publish no message. */
export function repeatedBody(repeated: Repeated): JsonAnswer {
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
