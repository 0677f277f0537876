import { decodeBase64 } from "../bytes.ts";
import type { ReceiverAnswer } from "../inbox/answer.ts";
import type { Receiver } from "../inbox/receiver.ts";
import { admit, urlOf } from "./door.ts";
import type { BodyRead } from "./node-body.ts";

/** What is used of an event of API Gateway (REST: version 1, HTTP: version 2), a function URL or a load balancer. */
export interface LambdaEvent {
  readonly body?: string | null | undefined;
  readonly isBase64Encoded?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, string[] | undefined>> | null | undefined;
  readonly httpMethod?: string;
  readonly path?: string;
  readonly multiValueQueryStringParameters?:
    | Readonly<Record<string, string[] | undefined>>
    | null
    | undefined;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
  readonly requestContext?: {
    readonly http?: { readonly method: string };
    readonly stage?: string;
  };
}

export interface LambdaResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface LambdaDoorOptions {
  /**
   * Whether handlers run before the answer: Lambda freezes what is left when it is sent. Switch it off where another function
   * calls `receiver.drain()`, on a schedule. @default true
   */
  readonly drain?: boolean;
}

/** A Lambda handler. Let the gateway pass bodies as they are; with binary media types they arrive in base64. */
export function toLambda(
  receiver: Receiver,
  { drain = true }: LambdaDoorOptions = {},
): (event: LambdaEvent) => Promise<LambdaResult> {
  return async (event) => {
    const headers = event.multiValueHeaders ?? event.headers ?? {};
    const host = (event.headers ?? {})["host"] ?? (event.headers ?? {})["Host"];
    const method = event.requestContext?.http?.method ?? event.httpMethod;
    const head = { method, url: urlOf(host, targetOf(event)), headers };
    const read = readEventBody(event, receiver.maxBodyBytes);
    const answer = await admit(receiver, head, read, remedy);
    if (drain && answer.status === 200) await drainAll(receiver);
    return resultOf(answer);
  };
}

const remedy = "Hand the gateway's event on as it is, and let no middleware parse event.body.";

function readEventBody(event: LambdaEvent, maxBodyBytes: number): BodyRead {
  const { body, isBase64Encoded } = event;
  if (body === null || body === undefined) return { kind: "read", body: new Uint8Array() };
  if (typeof body !== "string") return { kind: "parsed" };
  const bytes = isBase64Encoded === true ? decodeBase64(body) : new TextEncoder().encode(body);
  if (bytes === undefined) return { kind: "parsed" };
  return bytes.length > maxBodyBytes ? { kind: "too-large" } : { kind: "read", body: bytes };
}

function targetOf(event: LambdaEvent): string {
  if (event.rawPath !== undefined) {
    const query = event.rawQueryString ?? "";
    return query === "" ? event.rawPath : `${event.rawPath}?${query}`;
  }
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) query.append(name, value);
  }
  const path = event.path ?? "/";
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** What fails here is tried again by the next drain, and the event is stored: the provider gets its 200. */
async function drainAll(receiver: Receiver): Promise<void> {
  try {
    await receiver.drain();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    receiver.notify({ kind: "inbox-unavailable", error: text });
  }
}

function resultOf({ status, headers, body }: ReceiverAnswer): LambdaResult {
  return { statusCode: status, headers: { ...headers }, body };
}
