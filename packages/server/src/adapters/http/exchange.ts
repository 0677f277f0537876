import type { Dispatcher } from "undici";
import type { ReceivedResponse } from "../../domain/outcome.ts";
import type { SendResult } from "../../ports/sender.ts";
import type { Expiring } from "./deadlines.ts";
import type { Dial } from "./dial.ts";
import { type Failure, answerFailure, connectFailure, failure, requestFailure } from "./failure.ts";

/** The connection that carries an exchange, as the exchange sees it. */
export interface Carrier {
  readonly dial: Dial;
  /** It carried an earlier exchange. */
  readonly reused: boolean;
  /** The request is being written now. */
  requestStarts(): void;
  /** The answer is complete: the connection may serve the next exchange. */
  release(): void;
  /** Closes the connection; whatever it carries is over. */
  destroy(): void;
}

export interface ExchangeOwner {
  /** The kept-alive connection was gone before anything was written: take a fresh one. */
  retry(exchange: Exchange): void;
  /** Called once, before the result is handed over. */
  ended(exchange: Exchange): void;
}

/** What is written, prepared once. */
export interface PreparedRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: string[];
  readonly body: Uint8Array;
}

/** More of an answer's body is not read. */
export const maxReadBytes = 64 * 1024;
const noBody = new Uint8Array(0);

/**
 * One request and its answer, as undici's handler. It ends exactly once: by a complete answer, a
 * failure, its deadline, a signal, or because more was sent than is read. Whatever the library
 * reports later is ignored.
 */
export class Exchange implements Dispatcher.DispatchHandler, Expiring<Exchange> {
  before: Exchange | undefined;
  after: Exchange | undefined;
  linked = false;
  readonly deadlineAt: number;
  readonly request: PreparedRequest;
  signal: AbortSignal | undefined;
  connection: Carrier | undefined;
  retried = false;

  readonly #owner: ExchangeOwner;
  readonly #resolve: (result: SendResult) => void;
  readonly #startedAt: number;
  readonly #maxKeptBytes: number;
  #ended = false;
  #writtenAt: number | undefined;
  #answeredAt: number | undefined;
  #status = 0;
  #headers: ReceivedResponse["headers"] = [];
  #chunks: Buffer[] | undefined;
  #readBytes = 0;

  constructor(
    request: PreparedRequest,
    owner: ExchangeOwner,
    limits: {
      readonly startedAt: number;
      readonly deadlineMs: number;
      readonly maxKeptBytes: number;
    },
    resolve: (result: SendResult) => void,
  ) {
    this.request = request;
    this.#owner = owner;
    this.#startedAt = limits.startedAt;
    this.#maxKeptBytes = limits.maxKeptBytes;
    this.deadlineAt = limits.startedAt + limits.deadlineMs;
    this.#resolve = resolve;
  }

  expire(): void {
    if (!this.#ended) this.#cut("within the deadline");
  }

  /** Its signal was aborted. */
  endEarly(): void {
    if (!this.#ended) this.#cut("before the sender was told to stop");
  }

  /** The peer sends without end what no handler sees (chunk extensions, interim answers). */
  flooded(): void {
    if (!this.#ended)
      this.#breakOff(failure("malformed-response", "The answer is mostly framing, and too long."));
  }

  onRequestStart(): void {
    if (this.#ended) return;
    const now = performance.now();
    // The process stood still in between. Written now, it would be taken for a timeout at once, and
    // the receiver would get it twice.
    if (now >= this.deadlineAt) return this.expire();
    this.connection?.requestStarts();
    this.#writtenAt = now;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // Interim answers (103 Early Hints) are none; how many there can be, the response guard bounds.
    if (this.#ended || status < 200) return;
    this.#answeredAt = performance.now();
    this.#status = status;
    this.#headers = readHeaders(controller.rawHeaders);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) return;
    const missing = this.#maxKeptBytes - this.#readBytes;
    this.#readBytes += chunk.length;
    if (missing > 0) {
      this.#chunks ??= [];
      this.#chunks.push(chunk.length > missing ? chunk.subarray(0, missing) : chunk);
    }
    if (this.#readBytes > maxReadBytes) this.#answer(true, "destroy");
  }

  onResponseEnd(): void {
    if (!this.#ended) this.#answer(this.#readBytes > this.#maxKeptBytes, "release");
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#ended) return;
    if (this.#writtenAt !== undefined) {
      this.#breakOff(answerFailure(error));
      return;
    }
    const connection = this.connection;
    const unusable = requestFailure(error);
    if (unusable === undefined && connection?.reused === true && !this.retried) {
      // Certain: undici says onRequestStart before it writes. RFC 9112 §9.3.1 allows to try again.
      this.retried = true;
      this.connection = undefined;
      connection.destroy();
      this.#owner.retry(this);
      return;
    }
    this.#fail("not-sent", unusable ?? connection?.dial.failure ?? connectFailure(error));
  }

  /** Ends an exchange that was not answered completely in time. */
  #cut(limit: string): void {
    if (this.#writtenAt === undefined) {
      this.#fail("not-sent", slowStage(this.connection, limit));
    } else {
      this.#breakOff(
        failure(
          "response-timeout",
          `The receiver did not answer ${limit}; it may have the request.`,
        ),
      );
    }
  }

  /** A complete status and headers decide, whatever happens to the body. */
  #breakOff(failed: Failure): void {
    if (this.#status === 0) this.#fail("unknown", failed);
    else this.#answer(true, "destroy");
  }

  #answer(truncated: boolean, connection: "release" | "destroy"): void {
    const response: ReceivedResponse = {
      status: this.#status,
      headers: this.#headers,
      body: keptBody(this.#chunks),
      truncated,
    };
    const delivered = this.#status >= 200 && this.#status <= 299;
    this.#settle({ outcome: delivered ? "delivered" : "rejected", response }, connection);
  }

  #fail(outcome: "not-sent" | "unknown", failed: Failure): void {
    this.#settle({ outcome, ...failed }, "destroy");
  }

  #settle(ending: Ending, after: "release" | "destroy"): void {
    this.#ended = true;
    const { connection } = this;
    const result: Measured = {
      ...ending,
      totalMs: rounded(performance.now() - this.#startedAt),
      reused: connection?.reused ?? false,
    };
    if (connection !== undefined) measure(result, connection);
    if (this.#writtenAt !== undefined && this.#answeredAt !== undefined) {
      result.firstByteMs = rounded(this.#answeredAt - this.#writtenAt);
    }
    if (after === "release") connection?.release();
    else connection?.destroy();
    this.#owner.ended(this);
    this.#resolve(result);
  }
}

type Ending = Pick<SendResult, "outcome" | "errorClass" | "detail" | "response">;

type Measured = { -readonly [Name in keyof SendResult]: SendResult[Name] };

function measure(result: Measured, { dial, reused }: Carrier): void {
  const { address, dnsMs, connectMs, tlsMs } = dial;
  if (address !== undefined) result.address = address;
  if (reused) return;
  if (dnsMs !== undefined) result.dnsMs = rounded(dnsMs);
  if (connectMs !== undefined) result.connectMs = rounded(connectMs);
  if (tlsMs !== undefined) result.tlsMs = rounded(tlsMs);
}

/** What an exchange waited for that ended before its request was written. */
function slowStage(connection: Carrier | undefined, limit: string): Failure {
  switch (connection?.dial.stage) {
    case undefined:
      return failure("connect-timeout", `No connection to the receiver became free ${limit}.`);
    case "dns":
      return failure("dns-failed", `DNS did not answer ${limit}.`);
    case "proxy":
      return failure("proxy-failed", `The proxy did not open a tunnel ${limit}.`);
    case "tls":
      return failure("tls-failed", `The TLS handshake did not end ${limit}.`);
    case "connect":
    case "done":
      return failure("connect-timeout", `The address did not accept a connection ${limit}.`);
  }
}

function keptBody(chunks: readonly Buffer[] | undefined): Uint8Array {
  if (chunks === undefined) return noBody;
  // Copied, so that a few bytes that are kept do not hold on to the whole read buffer.
  let size = 0;
  for (const chunk of chunks) size += chunk.length;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

function readHeaders(
  raw: Dispatcher.DispatchController["rawHeaders"],
): ReceivedResponse["headers"] {
  if (!Array.isArray(raw)) return [];
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    headers.push([text(raw[i]).toLowerCase(), text(raw[i + 1])]);
  }
  return headers;
}

function text(bytes: Buffer | string | undefined): string {
  return bytes === undefined || typeof bytes === "string"
    ? (bytes ?? "")
    : bytes.toString("latin1");
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
