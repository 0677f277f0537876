import { signedUrlField } from "../checks/called-url.ts";
import type { InboundRequest } from "../request.ts";
import type { Scheme } from "../scheme.ts";
import type { Notice } from "./notice.ts";
import type { EventSchemas, ReceiverOptions } from "./receiver-options.ts";
import { defaultRetryPolicy } from "./retry.ts";
import { Runner } from "./runner.ts";

/** What stands under a type, or under `"*"`. Never what every object has, such as `constructor`. */
export function ownOf<T>(
  record: Readonly<Record<string, T>>,
  type: string | undefined,
): T | undefined {
  if (type !== undefined && Object.hasOwn(record, type)) return record[type];
  return Object.hasOwn(record, "*") ? record["*"] : undefined;
}

export function makeRunner<Types extends string, Schemas extends EventSchemas, Transaction>(
  source: string,
  options: ReceiverOptions<Types, Schemas, Transaction>,
  notify: (notice: Notice) => void,
): Runner<Transaction> {
  const { inbox, on, schemas = {} } = options;
  return new Runner({
    source,
    inbox,
    handlerFor: (type) => ownOf(on, type),
    schemaFor: (type) => ownOf(schemas, type),
    retry: { ...defaultRetryPolicy, ...options.retry },
    handlerTimeoutMs: options.handlerTimeoutMs ?? 60_000,
    concurrency: options.concurrency ?? 10,
    leaseMs: options.leaseMs ?? 30_000,
    pollMs: options.pollMs ?? 1000,
    rememberMs: options.rememberMs ?? 30 * 86_400_000,
    notify,
  });
}

/** The largest delay that timers keep; a longer one fires at once. */
const longestTimerMs = 2 ** 31 - 1;

export function checkOptions<Types extends string, Schemas extends EventSchemas, Transaction>(
  options: ReceiverOptions<Types, Schemas, Transaction>,
): void {
  const { answerWithinMs, bodyTimeoutMs, handlerTimeoutMs, leaseMs, pollMs } = options;
  const times = { answerWithinMs, bodyTimeoutMs, handlerTimeoutMs, leaseMs, pollMs };
  for (const [name, value] of Object.entries(times)) {
    if (value !== undefined && !(value > 0 && value <= longestTimerMs)) {
      throw new TypeError(`${name} must be milliseconds from 1 to ${longestTimerMs}.`);
    }
  }
  const { concurrency, maxBodyBytes, retry = {} } = options;
  const counts = { concurrency, maxBodyBytes, "retry.maxAttempts": retry.maxAttempts };
  for (const [name, value] of Object.entries(counts)) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new TypeError(`${name} must be a whole number, at least 1.`);
    }
  }
  if (Object.keys(options.on).length === 0) {
    throw new TypeError('`on` has no handler: name event types, or "*" for every type.');
  }
  if (signsUrl(options.scheme) && knownUrl(options) === undefined) {
    // What a request says of its host, its sender chose.
    throw new TypeError("This scheme signs the URL: give publicUrl, as the provider calls it.");
  }
  if (options.publicUrl !== undefined && !URL.canParse(options.publicUrl)) {
    throw new TypeError("publicUrl must be the whole URL that the provider calls, with https://.");
  }
}

function signsUrl({ config = [] }: Scheme): boolean {
  return config.some(({ name }) => name === signedUrlField.name);
}

function knownUrl({
  publicUrl,
  verification,
}: Pick<ReceiverOptions, "publicUrl" | "verification">): string | undefined {
  return publicUrl ?? verification?.config?.[signedUrlField.name];
}

/** Workers forbid timers outside of requests, and end what runs after the answer unless `waitUntil` knows it. */
export function isWorker(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

/** The provider's URL with this request's query: `publicUrl` names the webhook, handshakes add to it. */
export function withPublicUrl(request: InboundRequest, publicUrl: string): InboundRequest {
  const at = request.url?.indexOf("?") ?? -1;
  const query = at === -1 || publicUrl.includes("?") ? "" : (request.url ?? "").slice(at);
  return { ...request, url: publicUrl + query };
}
