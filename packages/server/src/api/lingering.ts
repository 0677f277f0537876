import type { IncomingMessage } from "node:http";
import { finished, Readable } from "node:stream";

const lingerMs = 5_000;

/**
 * An answer's body that is sent at once and ends when the request's body does, but within a bounded
 * time; what comes until then is forgotten (RFC 9112 §9.6). A connection that is closed earlier is
 * reset by the rest of the body, which takes the answer from a client that sends all before it reads.
 */
export function lingering(request: IncomingMessage, body: string): Readable {
  const answer = new Readable({ read: () => undefined });
  answer.push(body);
  let ended = false;
  const end = (): void => {
    if (!ended) answer.push(null);
    ended = true;
    clearTimeout(timer);
  };
  const timer = setTimeout(end, lingerMs);
  finished(request, { writable: false }, end);
  request.resume();
  return answer;
}
