import { isProofHeader, isSensitiveHeader } from "../domain/sensitive-header.ts";
import type { Attempt } from "../domain/delivery.ts";
import type { EndpointConfig, EndpointRevision } from "../domain/endpoint.ts";
import type { EndpointId, SourceId } from "../domain/ids.ts";
import type { Message } from "../domain/message.ts";
import { buildRequestHeaders } from "../domain/request-headers.ts";
import type { HeaderTexts, RequestHeaderFacts } from "../domain/request-headers.ts";
import type { Vault } from "../ports/vault.ts";
import { openHeaders } from "./endpoint-headers.ts";

export interface SentRequest {
  /** `null` when the endpoint's revision is no longer kept. */
  readonly url: string | null;
  readonly headers: HeaderTexts;
}

export type ReadSentRequest = (
  attempt: Attempt,
  publicId: string,
  message: Message | undefined,
) => Promise<SentRequest>;

const masked = "[secret]";

interface Parts {
  readonly revisions: (endpoint: EndpointId) => Promise<readonly EndpointRevision[]>;
  readonly vault: Vault;
  readonly settings: Pick<RequestHeaderFacts, "userAgent" | "svixHeaders">;
  readonly formatSource: (source: SourceId) => string;
}

/**
 * Rebuilds what attempts sent, out of the endpoint's revision that they were sent under, the
 * message, and the attempt's start. Secrets and signatures are masked. Not kept with an attempt,
 * and so taken as they are now: `user-agent` and whether `svix-*` headers are sent, which are the
 * server's current settings. The timestamp is that of the steady clock; the one sent was the system
 * clock's where the two had parted by a second or more. For one request of the API: the revisions
 * that it reads are kept as long as the function is.
 */
export function createSentRequests(parts: Parts): ReadSentRequest {
  const histories = new Map<EndpointId, Promise<readonly EndpointRevision[]>>();
  return async (attempt, publicId, message) => {
    const history = histories.get(attempt.endpoint) ?? parts.revisions(attempt.endpoint);
    histories.set(attempt.endpoint, history);
    const config = configAt(await history, attempt.endpointVersion);
    const custom = config === undefined ? {} : openHeaders(parts.vault, config.headers);
    const source = message?.content?.source;
    return {
      url: config?.url ?? null,
      headers: buildRequestHeaders({
        userAgent: parts.settings.userAgent,
        svixHeaders: parts.settings.svixHeaders,
        contentType: message?.content?.contentType ?? null,
        endpointHeaders: maskedValues(custom),
        messageHeaders: maskedValues(
          message?.content?.headers ?? {},
          source === undefined ? isSensitiveHeader : isProofHeader,
        ),
        id: publicId,
        timestampSeconds: Math.floor(attempt.startedAt / 1000),
        signature: masked,
        source: source === undefined ? null : parts.formatSource(source),
      }),
    };
  };
}

function configAt(
  revisions: readonly EndpointRevision[],
  version: number,
): EndpointConfig | undefined {
  const inForce = revisions.findLast((revision) => revision.version <= version);
  return inForce?.config ?? undefined;
}

function maskedValues(headers: HeaderTexts, isSecret = isSensitiveHeader): HeaderTexts {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? masked : value]),
  );
}
