import { bodyBytes } from "./bytes.ts";
import type { RawBody } from "./bytes.ts";
import { headerValues } from "./header-source.ts";
import type { HeaderSource, HeaderValues, WithHeaders } from "./header-source.ts";

/** What arrived, before any parser touched it. */
export interface InboundRequest {
  /** @default "POST" */
  readonly method?: string | undefined;
  /** As the sender called it, absolute: behind a proxy that is the public URL, not the one the server sees. */
  readonly url?: string | undefined;
  readonly headers: HeaderSource | WithHeaders;
  readonly body: RawBody;
}

/** A request as the checks read it. */
export interface RequestView {
  readonly method: string;
  readonly url: string | undefined;
  readonly headers: HeaderValues;
  readonly body: Uint8Array;
}

/** Undefined when the body is none any more. */
export function viewRequest(request: InboundRequest): RequestView | undefined {
  const body = bodyBytes(request.body);
  if (body === undefined) return undefined;
  const { method, url } = request;
  return {
    method: method === undefined ? "POST" : method.toUpperCase(),
    url,
    headers: headerValues(request.headers),
    body,
  };
}
