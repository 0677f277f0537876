import type { Receiver } from "../inbox/receiver.ts";
import { admit, urlOf } from "./door.ts";
import { readNodeBody } from "./node-body.ts";
import type { MaybeParsed, NodeRequest } from "./node-body.ts";

/** What is used of Node's `ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

/** A listener for `node:http`: `createServer(toNode(receiver))`, or call it for the paths that are webhooks. */
export function toNode(
  receiver: Receiver,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return (request, response) => answerNode(receiver, request, response, nodeRemedy);
}

const nodeRemedy =
  "Call it before anything reads the request, or put the raw bytes on request.rawBody.";

/** The same for every framework on Node's requests; none of them rejects. */
export async function answerNode(
  receiver: Receiver,
  request: NodeRequest & MaybeParsed & { readonly originalUrl?: string },
  response: NodeResponse,
  remedy: string,
): Promise<void> {
  const { method, headers, rawHeaders, originalUrl, url } = request;
  const { host } = headers;
  const head = {
    method,
    // Mounted routers cut what they matched off `url`.
    url: urlOf(typeof host === "string" ? host : undefined, originalUrl ?? url),
    headers: { headers, rawHeaders },
  };
  try {
    const read = await readNodeBody(request, receiver);
    const answer = await admit(receiver, head, read, remedy);
    response.statusCode = answer.status;
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.end(answer.body);
  } catch (error) {
    // The sender closed the connection in the middle of the body: there is nobody to answer.
    const detail = error instanceof Error ? error.message : String(error);
    receiver.notify({ kind: "rejected", reason: "connection-lost", detail });
    response.statusCode = 400;
    response.end("");
  }
}
