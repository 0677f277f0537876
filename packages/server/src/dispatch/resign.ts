import { sign } from "@posthorn/receiver";
import type { Scheme } from "@posthorn/receiver";
import type { SourceId } from "../domain/ids.ts";
import { createLru } from "../domain/lru.ts";
import { secretsInForce, type Source } from "../domain/source.ts";
import type { SendRequest } from "../ports/sender.ts";
import type { SourceStore } from "../ports/source-store.ts";
import type { Vault } from "../ports/vault.ts";
import type { WebhookSchemes } from "../ports/webhook-schemes.ts";

/**
 * Signs the request of what a source received anew, in the provider's own scheme, where the source says so:
 * late attempts outlive the provider's tolerance. A scheme whose proof is a secret that is merely repeated
 * always has it put in here, because it does not lie in the store with the message.
 */
export type Resign = (
  source: SourceId,
  request: SendRequest,
  timestampSeconds: number,
) => SendRequest | Promise<SendRequest>;

interface Parts {
  readonly sources: Pick<SourceStore, "findSource">;
  readonly vault: Vault;
  readonly schemes: WebhookSchemes;
  readonly now: () => number;
}

interface Kept {
  readonly source: Source | undefined;
  readonly readAt: number;
}

/** A change of a source counts here within this time. */
const freshMs = 1_000;
const maxSources = 10_000;

export function createResign(parts: Parts): Resign {
  const { now, schemes, sources, vault } = parts;
  const known = createLru<SourceId, Kept>(maxSources);

  async function read(id: SourceId): Promise<Source | undefined> {
    const source = await sources.findSource(id);
    known.set(id, { source, readAt: now() });
    return source;
  }

  function resigned(
    source: Source | undefined,
    request: SendRequest,
    timestampSeconds: number,
  ): SendRequest | Promise<SendRequest> {
    const scheme = source === undefined ? undefined : schemes.byName.get(source.config.scheme);
    if (source === undefined || scheme === undefined) return request;
    if (source.config.forwarding === "as-received" && scheme.check.coversBody) return request;
    const secrets = secretsInForce(source.secrets, now()).map(({ sealed }) => vault.open(sealed));
    if (secrets.length === 0) return request;
    return signAnew({ scheme, source, secrets, crypto: schemes.crypto }, request, timestampSeconds);
  }

  return (id, request, timestampSeconds) => {
    const kept = known.get(id);
    if (kept !== undefined && now() - kept.readAt < freshMs) {
      return resigned(kept.source, request, timestampSeconds);
    }
    return read(id).then((source) => resigned(source, request, timestampSeconds));
  };
}

async function signAnew(
  how: {
    readonly scheme: Scheme;
    readonly source: Source;
    readonly secrets: readonly string[];
    readonly crypto: WebhookSchemes["crypto"];
  },
  request: SendRequest,
  timestampSeconds: number,
): Promise<SendRequest> {
  const { crypto, scheme, secrets, source } = how;
  // The event stays the same one: its id and type are the provider's.
  const id = headerAt(scheme.event.id, request);
  const type = headerAt(scheme.event.type, request);
  const { body, url } = request;
  const message = { body, url, timestampSeconds, id, type };
  const options = { config: source.config.schemeConfig, crypto };
  try {
    const signed = await sign(scheme, message, secrets, options);
    return {
      url: signed.url ?? url,
      headers: { ...request.headers, ...signed.headers },
      body: signed.body,
    };
  } catch (error) {
    // A public key only verifies: then the provider's own signature is the best there is.
    if (error instanceof TypeError) return request;
    throw error;
  }
}

function headerAt(place: Scheme["event"]["id"], { headers }: SendRequest): string | undefined {
  return place !== undefined && "header" in place ? headers[place.header] : undefined;
}
