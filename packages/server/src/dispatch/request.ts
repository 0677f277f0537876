import type { EndpointHeaders, EndpointSecret } from "../domain/endpoint.ts";
import type { QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import type { SendRequest } from "../ports/sender.ts";
import type { DispatcherParts } from "./parts.ts";

export type RequestMaker = (
  delivery: QueuedDelivery,
  target: Target,
  body: Uint8Array,
) => SendRequest;

type Headers = Readonly<Record<string, string>>;

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

/** Makes the request of an attempt, signed now. Throws when a secret or header cannot be read. */
export function createRequestMaker(
  parts: Pick<DispatcherParts, "signer" | "vault" | "clock" | "idCodec" | "settings">,
): RequestMaker {
  const { signer, clock, idCodec, settings } = parts;
  const openSecret = rememberOpened((secret: EndpointSecret) => parts.vault.open(secret.sealed));
  const openHeaders = rememberOpened((headers: EndpointHeaders) =>
    allowed(parseHeaders(parts.vault.open(headers.sealed))),
  );
  const about = settings.homepage === null ? "" : ` (+${settings.homepage})`;
  const userAgent = `Posthorn/${settings.version}${about}`;

  return (delivery, target, body) => {
    const wallMs = clock.wallMs();
    const timestampSeconds = Math.floor(wallMs / 1000);
    const id = idCodec.format("message", delivery.message);
    const secrets = inForce(target.secrets, wallMs).map(openSecret);
    const signature = signer.sign(secrets, { id, timestampSeconds, body });
    return {
      url: target.url,
      body,
      headers: {
        "user-agent": userAgent,
        "content-type": delivery.content?.contentType ?? "application/json",
        ...(target.headers === null ? {} : openHeaders(target.headers)),
        ...allowed(delivery.content?.headers ?? {}),
        ...named("webhook", id, timestampSeconds, signature),
        ...(settings.svixHeaders ? named("svix", id, timestampSeconds, signature) : {}),
      },
    };
  };
}

function named(prefix: string, id: string, seconds: number, signature: string): Headers {
  return {
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(seconds),
    [`${prefix}-signature`]: signature,
  };
}

function inForce(secrets: readonly EndpointSecret[], now: number): readonly EndpointSecret[] {
  return secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > now)
    .toSorted((a, b) => b.createdAt - a.createdAt);
}

function allowed(headers: Headers): Headers {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const ours = reserved.has(lower) || reservedPrefixes.some((own) => lower.startsWith(own));
    if (!ours) kept[lower] = value;
  }
  return kept;
}

function parseHeaders(json: string): Headers {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null) throw new Error("sealed headers: no object");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value !== "string") throw new Error("sealed headers: a value that is no text");
    headers[name] = value;
  }
  return headers;
}

/** Opened once for each version of a target: the cache lives as long as the target is held. */
function rememberOpened<K extends object, V>(open: (sealed: K) => V): (sealed: K) => V {
  const opened = new WeakMap<K, { readonly value: V }>();
  return (sealed) => {
    const known = opened.get(sealed) ?? { value: open(sealed) };
    opened.set(sealed, known);
    return known.value;
  };
}
