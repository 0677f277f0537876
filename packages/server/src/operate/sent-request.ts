import { isSensitiveHeader } from "../domain/sensitive-header.ts";
import type { Attempt } from "../domain/delivery.ts";
import type { EndpointConfig, EndpointRevision } from "../domain/endpoint.ts";
import type { EndpointId } from "../domain/ids.ts";
import type { Message } from "../domain/message.ts";
import type { Vault } from "../ports/vault.ts";
import { openHeaders } from "./endpoint-headers.ts";

export interface SentRequest {
  /** `null` when the endpoint's revision is no longer kept. */
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
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
}

/**
 * Rebuilds what attempts sent, out of the endpoint's revision that they were sent under. For one
 * request of the API: the revisions that it reads are kept as long as the function is.
 */
export function createSentRequests(parts: Parts): ReadSentRequest {
  const histories = new Map<EndpointId, Promise<readonly EndpointRevision[]>>();
  return async (attempt, publicId, message) => {
    const history = histories.get(attempt.endpoint) ?? parts.revisions(attempt.endpoint);
    histories.set(attempt.endpoint, history);
    const config = configAt(await history, attempt.endpointVersion);
    const custom = config === undefined ? {} : openHeaders(parts.vault, config.headers);
    return {
      url: config?.url ?? null,
      headers: {
        "content-type": message?.content?.contentType ?? "application/json",
        "webhook-id": publicId,
        "webhook-timestamp": String(Math.floor(attempt.startedAt / 1000)),
        "webhook-signature": masked,
        ...maskedValues({ ...custom, ...message?.content?.headers }),
      },
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

function maskedValues(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      isSensitiveHeader(name) ? masked : value,
    ]),
  );
}
