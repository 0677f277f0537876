import { bodyBytes } from "./bytes.ts";
import type { RawBody } from "./bytes.ts";
import type { CryptoProvider } from "./crypto-provider.ts";
import { platformCrypto } from "./platform-crypto.ts";
import type { Place, Scheme, SchemeConfig } from "./scheme.ts";
import { asList } from "./secret-input.ts";
import type { SecretInput } from "./secret-input.ts";

export interface MessageToSign {
  /** The event's id, where the scheme sends one in a header. Stays the same over retries. @default a random one */
  readonly id?: string | undefined;
  /** The event's type, where the scheme sends it in a header. */
  readonly type?: string | undefined;
  /** The exact bytes that are sent. */
  readonly body: RawBody;
  /** The time of this attempt. @default now */
  readonly timestampSeconds?: number | undefined;
  /** @default "POST" */
  readonly method?: string | undefined;
  /** Where the request goes, for schemes that sign it. */
  readonly url?: string | undefined;
}

export interface SignOptions {
  /** What the scheme wants to be told beside the secret: see its `config`. */
  readonly config?: SchemeConfig | undefined;
  /** @default the platform's: WebCrypto, and `node:crypto` for hashes where it is there */
  readonly crypto?: CryptoProvider | undefined;
}

/** A request that `verify` takes, ready for `fetch`. */
export interface SignedRequest {
  readonly method: string;
  readonly url: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Makes the request that the scheme's provider would send, for tests, fixtures and senders of your own. Several
 * secrets make several signatures, as during a rotation, where the scheme has room for them. Throws a TypeError
 * for what cannot be signed.
 */
export async function sign(
  scheme: Scheme,
  message: MessageToSign,
  secrets: SecretInput | readonly SecretInput[],
  options: SignOptions = {},
): Promise<SignedRequest> {
  const body = bodyBytes(message.body);
  if (body === undefined) {
    throw new TypeError("Give the body as bytes or text: an object has no bytes to sign.");
  }
  const list = asList(secrets);
  if (list.length === 0) throw new TypeError("Give at least one secret to sign with.");
  const { id = `msg_${globalThis.crypto.randomUUID()}`, method = "POST", url } = message;
  const timestampMs = (message.timestampSeconds ?? Date.now() / 1000) * 1000;
  if (!(timestampMs >= 0)) throw new TypeError("The timestamp must be seconds since 1970.");
  const { config = {}, crypto = platformCrypto } = options;
  const input = { id, timestampMs, method, url, body, secrets: list, config, crypto };
  const signed = await scheme.check.sign(input);
  return {
    method,
    url: signed.url ?? url,
    headers: {
      ...placeHeader(scheme.event.id, id),
      ...placeHeader(scheme.event.type, message.type),
      ...signed.headers,
    },
    body: signed.body ?? body,
  };
}

function placeHeader(
  place: Place | undefined,
  value: string | undefined,
): Readonly<Record<string, string>> {
  return place !== undefined && "header" in place && value !== undefined
    ? { [place.header]: value }
    : {};
}
