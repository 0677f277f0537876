import type { Receiver } from "../inbox/receiver.ts";
import { admit } from "./door.ts";
import { readChunks } from "./node-body.ts";
import type { BodyRead } from "./node-body.ts";

/** A handler of web requests, for Bun, Deno and every framework that hands out the platform's `Request`. */
export function toFetch(receiver: Receiver): (request: Request) => Promise<Response> {
  return (request) => answerFetch(receiver, request, remedy);
}

const remedy = "Hand the request on before request.json(), request.text() or the like was called.";

export async function answerFetch(
  receiver: Receiver,
  request: Request,
  remedy: string,
): Promise<Response> {
  const { method, url, headers } = request;
  const read = await readFetchBody(request, receiver);
  const answer = await admit(receiver, { method, url, headers }, read, remedy);
  return new Response(answer.body, { status: answer.status, headers: answer.headers });
}

async function readFetchBody(request: Request, receiver: Receiver): Promise<BodyRead> {
  if (request.bodyUsed) return { kind: "parsed" };
  if (request.body === null) return { kind: "read", body: new Uint8Array() };
  return readChunks(chunksOf(request.body), receiver);
}

/** Safari and older Workers cannot iterate over a stream itself. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
