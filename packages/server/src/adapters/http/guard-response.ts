import type { Socket } from "node:net";

export interface ResponseGuard {
  /** A request was written: the next bytes begin an answer. */
  begin(): void;
}

/** Everything of one answer: headers, body, and the framing that the parser swallows. */
const maxRawBytes = 512 * 1024;
const maxSkippedBytes = 16 * 1024;
const statusLineStart = /^HTTP\/1\.[01] 100[ \r]/;
const statusLineStartLength = 13;
const continueStarts = ["HTTP/1.1 100 ", "HTTP/1.1 100\r", "HTTP/1.0 100 ", "HTTP/1.0 100\r"];
const digitOne = 0x31;
const nothing = Buffer.alloc(0);

/**
 * Stands between the socket and undici's parser, by way of the socket's `read`:
 *
 * - `100 Continue` without having been asked for is legal (RFC 9110 §15.2: a client must be able
 *   to parse it), but undici takes it for a broken answer. It is cut out here.
 * - Bytes that never reach a handler (chunk extensions, an endless reason phrase) would be read
 *   until the deadline. Beyond 512 KiB for one answer `flooded` is called instead.
 */
export function guardResponse(socket: Socket, flooded: () => void): ResponseGuard {
  const read = socket.read.bind(socket);
  const next = (size?: number): Buffer | null => {
    const chunk: unknown = read(size);
    return Buffer.isBuffer(chunk) ? chunk : null;
  };
  let rawBytes = 0;
  let skippedBytes = 0;
  let atStatusLine = false;
  let held: Buffer = nothing;

  /** What is left for the parser; `undefined` when all of it was cut out or more is needed to tell. */
  function withoutContinue(chunk: Buffer): Buffer | undefined {
    let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    held = nothing;
    while (rest.length > 0) {
      const kind = judgeStart(rest);
      const end = kind === "continue" ? rest.indexOf("\r\n\r\n") : -1;
      const size = end === -1 ? rest.length : end + 4;
      if (kind === "other" || skippedBytes + size > maxSkippedBytes) {
        atStatusLine = false;
        return rest;
      }
      if (end === -1) {
        held = rest;
        return undefined;
      }
      skippedBytes += size;
      rest = rest.subarray(size);
    }
    return undefined;
  }

  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = next(size);
      if (chunk === null) return null;
      rawBytes += chunk.length;
      if (rawBytes > maxRawBytes) {
        flooded();
        return null;
      }
      if (!atStatusLine) return chunk;
      const rest = withoutContinue(chunk);
      if (rest !== undefined) return rest;
    }
  };

  return {
    begin() {
      rawBytes = 0;
      skippedBytes = 0;
      atStatusLine = true;
      held = nothing;
    },
  };
}

function judgeStart(bytes: Buffer): "continue" | "other" | "too short to tell" {
  // The tenth byte is the first digit of the status: the quick way out for nearly every answer.
  if (bytes.length > 9 && bytes[9] !== digitOne) return "other";
  const start = bytes.toString("latin1", 0, statusLineStartLength);
  if (statusLineStart.test(start)) return "continue";
  return bytes.length < statusLineStartLength &&
    continueStarts.some((line) => line.startsWith(start))
    ? "too short to tell"
    : "other";
}
