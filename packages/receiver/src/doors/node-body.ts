import { joinBytes } from "../bytes.ts";

/** What is used of Node's `IncomingMessage`, and of what frameworks make of it. */
export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
  /** True once every byte was taken: by a body parser, if not by us. */
  readonly readableEnded: boolean;
}

/** What a framework may have put on its request: the parsed body, and the raw one where it was told to keep it. */
export interface MaybeParsed {
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

export type BodyRead =
  | { readonly kind: "read"; readonly body: Uint8Array }
  | { readonly kind: "too-large" }
  | { readonly kind: "too-slow" }
  /** A parser took the bytes, and left something else. */
  | { readonly kind: "parsed" };

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/** The raw bytes: those that a raw parser kept, else those that still come. */
export async function readNodeBody(
  request: NodeRequest & MaybeParsed,
  limits: BodyLimits,
): Promise<BodyRead> {
  const { rawBody, body } = request;
  for (const kept of [rawBody, body]) {
    if (!(kept instanceof Uint8Array)) continue;
    return kept.length > limits.maxBodyBytes ? { kind: "too-large" } : { kind: "read", body: kept };
  }
  if (request.readableEnded) {
    // A GET of a handshake has none, and whatever read it took nothing.
    return hasNoBody(request) ? { kind: "read", body: new Uint8Array() } : { kind: "parsed" };
  }
  return readChunks(request, limits);
}

/** Reads to the end, to the limit or to the deadline, whichever comes first. */
export async function readChunks(
  source: AsyncIterable<Uint8Array | string>,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
): Promise<BodyRead> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const read = async (): Promise<BodyRead> => {
    const iterator = source[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) return { kind: "read", body: joinBytes(chunks) };
      // Something set an encoding on the stream, and lost the bytes that are no text.
      if (typeof value === "string") return { kind: "parsed" };
      size += value.length;
      if (size > maxBodyBytes) {
        void discard(iterator);
        return { kind: "too-large" };
      }
      chunks.push(value);
    }
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<BodyRead>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "too-slow" }), bodyTimeoutMs);
  });
  try {
    return await Promise.race([read(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes the rest and forgets it: a sender that is still writing would see a reset instead of the answer. */
async function discard(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    while ((await iterator.next()).done !== true);
  } catch {
    // The connection ended: nothing is left to discard.
  }
}

function hasNoBody({ headers }: NodeRequest): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] === undefined && (length === undefined || length === "0");
}
