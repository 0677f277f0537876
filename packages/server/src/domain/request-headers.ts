export type HeaderTexts = Readonly<Record<string, string>>;

/** What a request's headers follow from. */
export interface RequestHeaderFacts {
  readonly userAgent: string;
  /** `svix-*` headers beside the `webhook-*` ones. */
  readonly svixHeaders: boolean;
  /** `null`: JSON. */
  readonly contentType: string | null;
  readonly endpointHeaders: HeaderTexts;
  /** They win over the endpoint's. */
  readonly messageHeaders: HeaderTexts;
  readonly id: string;
  readonly timestampSeconds: number;
  readonly signature: string;
  /** Where it was received; `null`: it was published over the API. */
  readonly source: string | null;
}

// What frames the request, or says who sent it and when, is nobody's to set.
const reserved = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "expect",
]);
const reservedPrefixes = ["webhook-", "svix-"];

/**
 * The headers of a request, names in lower case, but for those that the connection adds (`host`,
 * `content-length`). What is sent and what is shown of it later are both made here.
 */
export function buildRequestHeaders(facts: RequestHeaderFacts): HeaderTexts {
  return facts.source === null ? published(facts) : received(facts, facts.source);
}

/** The provider's own headers as they came; ours are `posthorn-*`, because providers use `webhook-*`, too. */
function received(facts: RequestHeaderFacts, source: string): HeaderTexts {
  const headers: Record<string, string> = { "user-agent": facts.userAgent };
  addAllowed(headers, facts.endpointHeaders);
  return {
    ...headers,
    ...facts.messageHeaders,
    "posthorn-source": source,
    "posthorn-id": facts.id,
    "posthorn-timestamp": String(facts.timestampSeconds),
    "posthorn-signature": facts.signature,
  };
}

/** Written out rather than spread together: it is made for each attempt. */
function published(facts: RequestHeaderFacts): HeaderTexts {
  const { id, signature } = facts;
  const timestamp = String(facts.timestampSeconds);
  const headers: Record<string, string> = {
    "user-agent": facts.userAgent,
    "content-type": facts.contentType ?? "application/json",
  };
  addAllowed(headers, facts.endpointHeaders);
  addAllowed(headers, facts.messageHeaders);
  headers["webhook-id"] = id;
  headers["webhook-timestamp"] = timestamp;
  headers["webhook-signature"] = signature;
  if (!facts.svixHeaders) return headers;
  headers["svix-id"] = id;
  headers["svix-timestamp"] = timestamp;
  headers["svix-signature"] = signature;
  return headers;
}

function addAllowed(headers: Record<string, string>, more: HeaderTexts): void {
  for (const name of Object.keys(more)) {
    const lower = name.toLowerCase();
    const ours = reserved.has(lower) || reservedPrefixes.some((own) => lower.startsWith(own));
    const value = more[name];
    if (!ours && value !== undefined) headers[lower] = value;
  }
}
