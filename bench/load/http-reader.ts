export interface HttpMessage {
  /** Start line and header lines, each with its line end. */
  readonly head: string;
  readonly bytes: Buffer;
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

/**
 * Cuts a connection's bytes into HTTP/1.1 messages. It knows what load tools need and nothing
 * else: `Content-Length`, no body, or chunks that are skipped to their end.
 */
export class HttpReader {
  #rest: Buffer | undefined;

  read(chunk: Buffer, take: (message: HttpMessage) => void): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const headEnd = bytes.indexOf("\r\n\r\n", at);
      if (headEnd < 0) break;
      const head = bytes.toString("latin1", at, headEnd + 2);
      const bodyStart = headEnd + 4;
      const bodyEnd = endOfBody(head, bytes, bodyStart);
      if (bodyEnd === undefined || bodyEnd > bytes.length) break;
      take({ head, bytes, bodyStart, bodyEnd });
      at = bodyEnd;
    }
    this.#rest = at === bytes.length ? undefined : bytes.subarray(at);
  }
}

function endOfBody(head: string, bytes: Buffer, start: number): number | undefined {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return start + Number(length);
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return start;
  // A last chunk that is the first one has no line end of a chunk before it.
  const last = bytes.indexOf("0\r\n\r\n", start);
  return last < 0 ? undefined : last + 5;
}
