/**
 * Ids. Inside, an id is an integer that sorts by time and fits a double exactly (below 2^53):
 *
 *     40 bits milliseconds since 2025-01-01 · 6 bits node · 7 bits counter
 *
 * Outside, it is text derived from that integer: `msg_` + nine base-62 digits (sortable) + the
 * six characters of the installation. The last part keeps `webhook-id` unique for a receiver that
 * hears from two installations. This is the only file that may cast to an id.
 */
declare const brand: unique symbol;
type Id<Name extends string> = number & { readonly [brand]: Name };

export type ApplicationId = Id<"application">;
export type EndpointId = Id<"endpoint">;
export type MessageId = Id<"message">;
export type DeliveryId = Id<"delivery">;
export type AttemptId = Id<"attempt">;
export type ApiKeyId = Id<"apiKey">;
export type EndpointEventId = Id<"endpointEvent">;
export type SourceId = Id<"source">;
export type RequestId = Id<"request">;

export interface IdKinds {
  readonly application: ApplicationId;
  readonly endpoint: EndpointId;
  readonly message: MessageId;
  readonly delivery: DeliveryId;
  readonly attempt: AttemptId;
  readonly apiKey: ApiKeyId;
  readonly endpointEvent: EndpointEventId;
  readonly source: SourceId;
  readonly request: RequestId;
}

export type IdKind = keyof IdKinds;

const prefixes: Readonly<Record<IdKind, string>> = {
  application: "app_",
  endpoint: "ep_",
  message: "msg_",
  delivery: "dlv_",
  attempt: "atmpt_",
  apiKey: "key_",
  endpointEvent: "epev_",
  source: "src_",
  request: "inreq_",
};

const epochMs = Date.UTC(2025, 0, 1);
const perMs = 2 ** 13;
const perNode = 2 ** 7;
const maxId = 2 ** 53 - 1;

/** Reads an integer that the store or a formatted id holds as the id it is. */
export function toId<K extends IdKind>(_kind: K, value: number): IdKinds[K] {
  if (!Number.isInteger(value) || value < 0 || value > maxId) {
    throw new RangeError(`not an id: ${value}`);
  }
  return value as IdKinds[K];
}

/** The time that an id was made at, in ms since 1970. */
export function idTimeMs(id: number): number {
  return Math.floor(id / perMs) + epochMs;
}

/** The smallest id that could have been made at `timeMs`: a bound for range reads by time. */
export function firstIdAt(timeMs: number): number {
  return Math.min(maxId, Math.max(0, Math.floor(timeMs - epochMs)) * perMs);
}

export interface IdSource {
  next<K extends IdKind>(kind: K): IdKinds[K];
}

/**
 * Makes ids that always grow, also when the clock goes back or more than 128 are asked for in one
 * millisecond (the id then runs ahead of the clock). `after` is the largest id known to exist;
 * `node` (0 to 63) keeps processes that share a store apart.
 */
export function createIdSource(now: () => number, after = 0, node = 0): IdSource {
  let tick = Math.floor(after / perMs);
  let counter = perNode;
  return {
    next(kind) {
      const current = Math.floor(now() - epochMs);
      if (current > tick) {
        tick = current;
        counter = 0;
      } else if (counter >= perNode) {
        tick += 1;
        counter = 0;
      }
      const id = tick * perMs + node * perNode + counter;
      counter += 1;
      return toId(kind, id);
    },
  };
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const width = 9;
const suffixLength = 6;

export interface IdCodec {
  format<K extends IdKind>(kind: K, id: IdKinds[K]): string;
  /** `undefined` for anything that is not an id of this kind made by this installation. */
  parse<K extends IdKind>(kind: K, text: string): IdKinds[K] | undefined;
}

/** `installation` is six base-62 characters, chosen once by chance when the store is made. */
export function createIdCodec(installation: string): IdCodec {
  if (!isInstallationName(installation))
    throw new RangeError("an installation is six letters or digits");
  return {
    format(kind, id) {
      let rest: number = id;
      let text = "";
      for (let i = 0; i < width; i += 1) {
        text = digits.charAt(rest % 62) + text;
        rest = Math.floor(rest / 62);
      }
      return prefixes[kind] + text + installation;
    },
    parse(kind, text) {
      const prefix = prefixes[kind];
      if (text.length !== prefix.length + width + suffixLength) return undefined;
      if (!text.startsWith(prefix) || !text.endsWith(installation)) return undefined;
      let value = 0;
      for (const digit of text.slice(prefix.length, prefix.length + width)) {
        const n = digits.indexOf(digit);
        if (n < 0) return undefined;
        value = value * 62 + n;
      }
      return value > maxId ? undefined : toId(kind, value);
    },
  };
}

function isInstallationName(text: string): boolean {
  return text.length === suffixLength && Array.from(text).every((digit) => digits.includes(digit));
}

/** Names an installation out of six or more random bytes. */
export function installationName(random: Uint8Array): string {
  return Array.from(random.subarray(0, suffixLength), (byte) => digits.charAt(byte % 62)).join("");
}
