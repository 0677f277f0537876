import type { EndpointHeaders, EndpointSecret } from "../domain/endpoint.ts";
import { buildRequestHeaders } from "../domain/request-headers.ts";
import type { HeaderTexts } from "../domain/request-headers.ts";
import type { QueuedDelivery, Target } from "../ports/dispatch-store.ts";
import type { SendRequest } from "../ports/sender.ts";
import type { DispatcherParts } from "./parts.ts";

/** `startedAt` is the attempt's start, on the steady clock. */
export type RequestMaker = (
  delivery: QueuedDelivery,
  target: Target,
  body: Uint8Array,
  startedAt: number,
) => SendRequest | Promise<SendRequest>;

// Between the steady clock and the system's: what slewing alone makes of them.
const clocksAgreeMs = 1000;

/** Makes the request of an attempt, signed now. Throws when a secret or header cannot be read. */
export function createRequestMaker(
  parts: Pick<DispatcherParts, "signer" | "vault" | "clock" | "idCodec" | "settings" | "resign">,
): RequestMaker {
  const { signer, clock, idCodec, settings } = parts;
  const openSecret = rememberOpened((secret: EndpointSecret) => parts.vault.open(secret.sealed));
  const openHeaders = rememberOpened((headers: EndpointHeaders) =>
    parseHeaders(parts.vault.open(headers.sealed)),
  );
  const { userAgent, svixHeaders } = settings;

  return (delivery, target, body, startedAt) => {
    const wallMs = clock.wallMs();
    // The attempt is shown with its start: the request says that very second, unless the system's
    // clock, by which receivers check it, has jumped away from it.
    const agree = Math.abs(wallMs - startedAt) < clocksAgreeMs;
    const timestampSeconds = Math.floor((agree ? startedAt : wallMs) / 1000);
    const id = idCodec.format("message", delivery.message);
    const secrets = inForce(target.secrets, wallMs).map(openSecret);
    const source = delivery.content?.source;
    const facts = {
      userAgent,
      svixHeaders,
      contentType: delivery.content?.contentType ?? null,
      endpointHeaders: target.headers === null ? {} : openHeaders(target.headers),
      messageHeaders: delivery.content?.headers ?? {},
      id,
      timestampSeconds,
      signature: signer.sign(secrets, { id, timestampSeconds, body }),
      source: source === undefined ? null : idCodec.format("source", source),
    };
    const made = { url: target.url, body, headers: buildRequestHeaders(facts) };
    if (source === undefined || parts.resign === undefined) return made;
    return parts.resign(source, made, timestampSeconds);
  };
}

function inForce(secrets: readonly EndpointSecret[], now: number): readonly EndpointSecret[] {
  return secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > now)
    .toSorted((a, b) => b.createdAt - a.createdAt);
}

function parseHeaders(json: string): HeaderTexts {
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
    const known = opened.get(sealed);
    if (known !== undefined) return known.value;
    const value = open(sealed);
    opened.set(sealed, { value });
    return value;
  };
}
