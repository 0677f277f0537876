import type { CryptoProvider } from "./crypto-provider.ts";
import type { RequestView } from "./request.ts";
import type { SecretInput } from "./secret-input.ts";
import type { Rejected } from "./verdict.ts";

/**
 * How one provider's webhooks are recognised: a value, that `verify`, `sign` and `answerHandshake` read. Make
 * your own with `custom`.
 */
export interface Scheme {
  /** Kebab-case, unique among the schemes of this package. */
  readonly name: string;
  readonly title: string;
  /** The provider's own description. */
  readonly docs: string;
  readonly check: Check;
  /** Where a delivery says which event it is, and of what type. */
  readonly event: EventPlaces;
  /** How far the signed time may lie in the past or the future; `Infinity` where the provider sets no limit. */
  readonly defaultToleranceSeconds: number;
  /** A time exactly at the tolerance's end is too old. */
  readonly toleranceExclusive?: true;
  /** What the receiver must be told beside the secret. */
  readonly config?: readonly ConfigField[];
  /**
   * The addresses of the sender's certificates, where a request names its own: `resolveKey` fetches it, and then no
   * secret is needed. Compared as text, because a URL parser forgives what another one reads as a different host.
   */
  readonly certificateUrl?: RegExp;
  /** `json`: a body that is no JSON is refused, because nothing else shows that no byte moved into it. */
  readonly body?: "json";
  /** `inflate`: the sender signs the body before it compresses it. */
  readonly compression?: "inflate";
  /** The provider gives up on an answer after this time. */
  readonly answerWithinMs?: number;
  /** How the provider repeats a delivery. */
  readonly retries?: string;
  /** What the provider expects as the answer to a delivery that is refused. @default 401 */
  readonly rejectStatus?: number;
  /** A body that the provider expects in the answer to a delivery. */
  readonly acceptBody?: string;
  readonly handshake?: HandshakeRule;
  /** What is recalled of the provider's documentation, and was not confirmed with the service or its library. */
  readonly unconfirmed?: readonly string[];
}

export interface ConfigField {
  readonly name: string;
  readonly required: boolean;
  readonly what: string;
}

/** What the receiver was told, by `ConfigField.name`. */
export type SchemeConfig = Readonly<Record<string, string | undefined>>;

/** A place in a delivery: a header, a path in the JSON body (`events.0.id`), a form field, or code. */
export type Place =
  | { readonly header: string; readonly signed?: true }
  | { readonly json: string }
  | { readonly form: string }
  | { readonly readForm: (form: URLSearchParams) => string | undefined }
  | { readonly join: readonly Place[]; readonly with: string }
  | { readonly first: readonly Place[] }
  | { readonly read: (body: unknown) => string | undefined };

export interface EventPlaces {
  readonly id?: Place;
  readonly type?: Place;
}

/** A value, or the promise of one: the common case with a synchronous provider waits for nothing. */
export type MaybePromise<T> = T | Promise<T>;

/** What a request asks for when the scheme's key is named in it. */
export type KeyQuestion =
  | { readonly kind: "certificate"; readonly url: string }
  | { readonly kind: "key-id"; readonly keyId: string };

/** Finds the key; undefined when there is none of that name. Throws when it cannot be had now. */
export type KeyResolver = (question: KeyQuestion) => Promise<SecretInput | undefined>;

export interface CheckInput {
  readonly request: RequestView;
  readonly secrets: readonly SecretInput[];
  readonly config: SchemeConfig;
  readonly crypto: CryptoProvider;
  readonly resolveKey: KeyResolver | undefined;
  readonly nowMs: number;
}

export interface Checked {
  readonly kind: "checked";
  readonly secretIndex: number;
  readonly timestampMs: number | undefined;
  readonly version?: string;
  /** A signed id that no place in headers or body gives. */
  readonly eventId?: string;
}

/** What is signed: everything that a scheme's places and content may ask for. */
export interface SignInput {
  readonly id: string;
  readonly timestampMs: number;
  readonly method: string;
  readonly url: string | undefined;
  readonly body: Uint8Array;
  readonly secrets: readonly SecretInput[];
  readonly config: SchemeConfig;
  readonly crypto: CryptoProvider;
}

export interface SignOutput {
  readonly headers: Readonly<Record<string, string>>;
  /** Where the signature stands in the body, or the body is framed. */
  readonly body?: Uint8Array;
  /** Where the signature covers something that is added to the URL. */
  readonly url?: string;
}

/** The way a signature is checked and made. */
export interface Check {
  readonly kind: string;
  /** False for a secret that is merely repeated: whoever learns it can send anything. */
  readonly coversBody: boolean;
  verify(input: CheckInput): MaybePromise<Checked | Rejected>;
  sign(input: SignInput): MaybePromise<SignOutput>;
}

export interface HandshakeInput extends CheckInput {
  /** Undefined when the request is genuine. */
  verify(): Promise<Rejected | undefined>;
}

/** What the receiver has to do beside answering. */
export type HandshakeEffect =
  | { readonly kind: "none" }
  /** The provider offers a secret: keep it when you are just registering this webhook, and never otherwise. */
  | { readonly kind: "secret-offered"; readonly secret: string }
  /** Request this address (it was checked to be the provider's) to confirm the subscription. */
  | { readonly kind: "confirm"; readonly url: string };

export interface HandshakeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Handshake =
  | {
      readonly kind: "handshake";
      readonly response: HandshakeResponse;
      readonly effect: HandshakeEffect;
    }
  | {
      readonly kind: "refused";
      readonly response: HandshakeResponse;
      readonly rejection: Rejected;
    };

/** Undefined when the request is none of the scheme's handshakes. */
export type HandshakeRule = (input: HandshakeInput) => MaybePromise<Handshake | undefined>;
