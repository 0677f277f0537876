import { request as requestPlain } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestTls } from "node:https";

/** How a body goes out. */
export type OutgoingBody =
  | { readonly kind: "whole"; readonly bytes: Uint8Array }
  /** In pieces, without a length before them. */
  | { readonly kind: "chunked"; readonly bytes: Uint8Array }
  /** A byte at a time, with the length of the whole before them. */
  | { readonly kind: "dripped"; readonly bytes: Uint8Array; readonly everyMs: number }
  /** Half of it, and then the connection ends. */
  | { readonly kind: "cut"; readonly bytes: Uint8Array }
  /** That many spaces until somebody answers, with their number before them or in chunks. */
  | { readonly kind: "flood"; readonly size: number; readonly chunked: boolean };

export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  /** In their order; a name may come twice. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: OutgoingBody;
}

export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      /** The first `keptBytes` of it. */
      readonly body: string;
      readonly ms: number;
      /** Whether the whole request had been sent when the answer began. */
      readonly sentAll: boolean;
    }
  | {
      readonly kind: "failed";
      readonly how: Failure;
      /** What the system says of it, where it says something. */
      readonly detail: string | undefined;
      readonly ms: number;
    };

/** `unreachable`: no connection. `closed`: it ended without an answer. `cut`: by us, as was intended. */
export type Failure = "unreachable" | "closed" | "timeout" | "cut";

const keptBytes = 65_536;
const pieceBytes = 65_536;

/** Sends one request over a connection of its own. Never rejects. */
export function exchange(outgoing: Outgoing, timeoutMs: number): Promise<Exchange> {
  const began = performance.now();
  const elapsed = (): number => Math.round(performance.now() - began);
  return new Promise((resolve) => {
    const open = outgoing.url.protocol === "https:" ? requestTls : requestPlain;
    const request = open(outgoing.url, {
      method: outgoing.method,
      headers: headerRecord(outgoing),
      agent: false,
    });
    const fail = (how: Failure, detail?: string): void =>
      finish({ kind: "failed", how, detail, ms: elapsed() });
    const timer = setTimeout(() => fail("timeout"), timeoutMs);
    let finished = false;
    const finish = (result: Exchange): void => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    };
    const progress = { answered: false, sentAll: false };
    request.on("error", (error) => fail(failureOf(error), detailOf(error)));
    request.on("response", (response) => {
      progress.answered = true;
      const { sentAll } = progress;
      void readKept(response).then((body) => {
        const status = response.statusCode ?? 0;
        const headers = pairsOf(response.rawHeaders);
        finish({ kind: "answered", status, headers, body, ms: elapsed(), sentAll });
      });
    });
    void writeBody(request, outgoing.body, () => finished || progress.answered).then((written) => {
      progress.sentAll = written === "all";
      if (written === "cut") fail("cut");
    });
  });
}

function headerRecord({ headers, body }: Outgoing): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const before = record[name];
    record[name] = before === undefined ? value : [before, value].flat();
  }
  const length = lengthOf(body);
  if (length === undefined) record["transfer-encoding"] = "chunked";
  else record["content-length"] = String(length);
  return record;
}

/** What the sender says of the length beforehand. */
function lengthOf(body: OutgoingBody): number | undefined {
  if (body.kind === "flood") return body.chunked ? undefined : body.size;
  return body.kind === "chunked" ? undefined : body.bytes.length;
}

const closedCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

function failureOf(error: Error): Failure {
  const code = "code" in error ? String(error.code) : "";
  // What the parser does not take for HTTP is no answer either.
  return closedCodes.has(code) || code.startsWith("HPE_") ? "closed" : "unreachable";
}

/** The code of the system, or of TLS, says more than the sentence around it. */
function detailOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}

/** An answer that breaks off counts with what came of it. */
async function readKept(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      if (!(chunk instanceof Buffer)) continue;
      chunks.push(chunk);
      size += chunk.length;
      if (size >= keptBytes) break;
    }
  } catch {
    // The receiver closed the connection in the middle of its answer.
  }
  return Buffer.concat(chunks).subarray(0, keptBytes).toString("utf8");
}

function pairsOf(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ""] as const] : [],
  );
}

type Written = "all" | "stopped" | "cut";

/** Stops early when `over` says that nobody reads any more. */
async function writeBody(
  request: ClientRequest,
  body: OutgoingBody,
  over: () => boolean,
): Promise<Written> {
  switch (body.kind) {
    case "whole":
      return end(request, body.bytes);
    case "chunked": {
      const half = Math.ceil(body.bytes.length / 2);
      await write(request, body.bytes.subarray(0, half));
      return end(request, body.bytes.subarray(half));
    }
    case "cut":
      await write(request, body.bytes.subarray(0, Math.ceil(body.bytes.length / 2)));
      return "cut";
    case "dripped":
      for (let at = 0; at < body.bytes.length; at += 1) {
        if (over()) return "stopped";
        await write(request, body.bytes.subarray(at, at + 1));
        await pause(body.everyMs);
      }
      return end(request);
    case "flood": {
      const piece = Buffer.alloc(pieceBytes, " ");
      for (let sent = 0; sent < body.size; sent += pieceBytes) {
        if (over()) return "stopped";
        await write(request, piece);
      }
      return end(request);
    }
  }
}

async function end(request: ClientRequest, bytes?: Uint8Array): Promise<Written> {
  if (bytes === undefined || bytes.length === 0) request.end();
  else {
    await write(request, bytes);
    request.end();
  }
  return "all";
}

/** Waits until the bytes left this process, or never will. */
function write(request: ClientRequest, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0 || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    request.once("close", resolve);
    request.write(bytes, () => {
      request.off("close", resolve);
      resolve();
    });
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
