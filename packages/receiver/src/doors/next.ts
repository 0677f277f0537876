import type { Receiver } from "../inbox/receiver.ts";
import { answerFetch } from "./fetch.ts";

type RouteHandler = (request: Request) => Promise<Response>;

/**
 * Route handlers for Next's app router: `export const { GET, POST, HEAD, OPTIONS } = toNext(receiver)` in `route.ts`. The others
 * than POST answer handshakes.
 */
export function toNext(
  receiver: Receiver,
): Readonly<Record<"GET" | "POST" | "HEAD" | "OPTIONS", RouteHandler>> {
  const handler: RouteHandler = (request) => answerFetch(receiver, request, remedy);
  return { GET: handler, POST: handler, HEAD: handler, OPTIONS: handler };
}

const remedy =
  "Do not call request.json() or request.text() before: the receiver reads the request.";
