import { PosthornError, readProblem } from "./error.ts";
import type { paths } from "./schema.gen.ts";

export interface ClientOptions {
  /** Where the server is, such as `http://127.0.0.1:7070`. */
  readonly url: string;
  /** An API key. */
  readonly token: string;
  /** @default 30000 */
  readonly timeoutMs?: number;
  /** @default the platform's */
  readonly fetch?: typeof fetch;
}

type Method = "get" | "put" | "post" | "delete" | "patch";

/** The paths that have an operation of this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> =
  paths[P] extends Record<M, infer O> ? O : never;

type Parameters<O, In extends string> = O extends { parameters: Record<In, infer T> }
  ? T
  : O extends { parameters: Partial<Record<In, infer T>> }
    ? T | undefined
    : undefined;

type Body<O> = O extends { requestBody: { content: { "application/json": infer B } } }
  ? B
  : O extends { requestBody?: { content: { "application/json": infer B } } }
    ? B | undefined
    : undefined;

type Content<R> = R extends { content: { "application/json": infer T } } ? T : undefined;

type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R & (200 | 201 | 202 | 204)]: Content<R[S]> }[keyof R & (200 | 201 | 202 | 204)]
  : never;

export interface RequestInput<O> {
  readonly path?: Parameters<O, "path">;
  readonly query?: Parameters<O, "query">;
  readonly body?: Body<O>;
  /** A repeated request with the same key changes nothing and gets the first answer. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** One method: every call of the API is its method, its path and what goes with it. */
export interface Client {
  /**
   * Resolves with the body of a 2xx answer.
   * @throws PosthornError for any other answer, or none.
   */
  request<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    input?: RequestInput<Operation<P, M>>,
  ): Promise<Answer<Operation<P, M>>>;
}

export function createClient(options: ClientOptions): Client {
  const base = options.url.replace(/\/+$/, "");
  const doFetch = options.fetch ?? fetch;
  return {
    async request(method, path, input) {
      const response = await send(doFetch, base + fill(path, input?.path) + search(input?.query), {
        method: method.toUpperCase(),
        headers: headersOf(options.token, input),
        ...(input?.body === undefined ? {} : { body: JSON.stringify(input.body) }),
        signal: deadline(options.timeoutMs ?? 30_000, input?.signal),
      });
      const text = await response.text();
      if (!response.ok) throw readProblem(response.status, text);
      // The document promises this shape, and the server's tests hold it to the document.
      return text === "" ? undefined : JSON.parse(text);
    },
  };
}

function headersOf(token: string, input: { body?: unknown; idempotencyKey?: string } | undefined) {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    accept: "application/json",
  };
  if (input?.body !== undefined) headers["content-type"] = "application/json";
  if (input?.idempotencyKey !== undefined) headers["idempotency-key"] = input.idempotencyKey;
  return headers;
}

function deadline(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

async function send(doFetch: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await doFetch(url, init);
  } catch (cause) {
    const { origin } = new URL(url);
    throw new PosthornError(
      0,
      "unreachable",
      `No answer from ${origin}: is the server running there?`,
      { cause },
    );
  }
}

function fill(path: string, values: unknown): string {
  return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = lookUp(values, name);
    if (value === undefined) throw new TypeError(`${path} needs path.${name}`);
    return encodeURIComponent(value);
  });
}

function search(query: unknown): string {
  if (typeof query !== "object" || query === null) return "";
  const pairs = Object.keys(query).flatMap((name) => {
    const value = lookUp(query, name);
    return value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`];
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function lookUp(values: unknown, name: string): string | undefined {
  if (typeof values !== "object" || values === null || !Object.hasOwn(values, name))
    return undefined;
  const value: unknown = Reflect.get(values, name);
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}
