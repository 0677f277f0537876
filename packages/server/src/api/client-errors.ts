import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { problemBody } from "./error-handler.ts";
import { problems, type ProblemCode } from "./problems.ts";

type ClientError = Error & { readonly code?: string };
type Response = ServerResponse;

/** Node's codes; anything else is a fault in the bytes. */
const problemsOfNode: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
  HPE_HEADER_OVERFLOW: "headers_too_large",
};

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/**
 * Answers in JSON what cannot be read as HTTP, and ends its connection.
 *
 * The requests before it on the connection may still be worked on, and answers are told apart by
 * their order alone: an error written at once would be taken for the answer to a publish that
 * succeeds. So theirs go first.
 */
export function createClientErrors(): {
  readonly track: (response: Response) => void;
  readonly answer: (error: ClientError, socket: Socket) => void;
} {
  const unanswered = new WeakMap<Socket, readonly Response[]>();
  const ending = new WeakSet<Socket>();
  return {
    track(response: Response): void {
      const { socket } = response.req;
      const before = unanswered.get(socket);
      unanswered.set(
        socket,
        before === undefined ? [response] : [...before.filter(isOpen), response],
      );
    },
    answer(error: ClientError, socket: Socket): void {
      if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
      if (ending.has(socket)) return;
      const open = (unanswered.get(socket) ?? []).filter(isOpen);
      // The fault lies in this one's body, so it is already being answered.
      if (open.some((each) => each.headersSent && !each.req.complete)) return void socket.destroy();
      const last = open.findLast((each) => each.req.complete);
      if (last === undefined) return end(socket, error);
      ending.add(socket);
      last.once("close", () => end(socket, error));
    },
  };
}

/** An answer may be sent before its request has come in whole. */
function isOpen(response: Response): boolean {
  return !response.req.complete || !(response.writableFinished || response.destroyed);
}

function end(socket: Socket, error: ClientError): void {
  const code = problemsOfNode[error.code ?? ""] ?? "malformed_request";
  const [status] = problems[code];
  const body = JSON.stringify(problemBody(code));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${reasons[status] ?? ""}\r\nconnection: close\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }
  // `end` alone would wait for a client that never ends its side.
  socket.destroySoon();
}
