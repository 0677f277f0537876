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
  return {
    "user-agent": facts.userAgent,
    ...allowed(facts.endpointHeaders),
    ...facts.messageHeaders,
    "posthorn-source": source,
    ...named("posthorn", facts),
  };
}

function published(facts: RequestHeaderFacts): HeaderTexts {
  return {
    "user-agent": facts.userAgent,
    "content-type": facts.contentType ?? "application/json",
    ...allowed(facts.endpointHeaders),
    ...allowed(facts.messageHeaders),
    ...named("webhook", facts),
    ...(facts.svixHeaders ? named("svix", facts) : {}),
  };
}

function named(prefix: string, facts: RequestHeaderFacts): HeaderTexts {
  return {
    [`${prefix}-id`]: facts.id,
    [`${prefix}-timestamp`]: String(facts.timestampSeconds),
    [`${prefix}-signature`]: facts.signature,
  };
}

function allowed(headers: HeaderTexts): HeaderTexts {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const ours = reserved.has(lower) || reservedPrefixes.some((own) => lower.startsWith(own));
    if (!ours) kept[lower] = value;
  }
  return kept;
}
