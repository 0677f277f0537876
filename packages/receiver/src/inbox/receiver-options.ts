import type { HandshakeEffect, Scheme } from "../scheme.ts";
import type { SecretInput } from "../secret-input.ts";
import type { VerifyOptions } from "../verify.ts";
import type { Deduplication } from "./deduplicate.ts";
import type { Handler } from "./handler.ts";
import type { Inbox } from "./inbox.ts";
import type { Notice } from "./notice.ts";
import type { RetryPolicy } from "./retry.ts";
import type { SchemaOutput, StandardSchema } from "./standard-schema.ts";

export type EventSchemas = Readonly<Record<string, StandardSchema>>;

/** A handler for each event type; `"*"` takes the types that have none. */
export type Handlers<Types extends string, Schemas extends EventSchemas, Transaction> = {
  readonly [Type in Types]: Handler<
    Type extends keyof Schemas ? SchemaOutput<Schemas[Type]> : unknown,
    Transaction
  >;
};

/** A delivery that was verified, before it is recorded. */
export interface Delivery {
  readonly id: string;
  readonly type: string | undefined;
  /** The body as JSON or form fields; undefined where it is neither. */
  readonly data: unknown;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** One event out of a delivery that carries several. */
export interface DeliveryPart {
  /** The provider's id of the event: duplicates are told by it. */
  readonly id: string;
  readonly type?: string | undefined;
  /** What the handler gets as `data`; kept as JSON. */
  readonly data: unknown;
}

export interface ReceiverOptions<
  Types extends string = string,
  Schemas extends EventSchemas = EventSchemas,
  Transaction = undefined,
> {
  readonly scheme: Scheme;
  /** Every secret that is valid now. */
  readonly secrets: SecretInput | readonly SecretInput[];
  readonly inbox: Inbox<Transaction>;
  readonly on: Handlers<Types, Schemas, Transaction>;
  /** Standard Schemas by event type: what they refuse is a dead letter, what they give is `event.data`. */
  readonly schemas?: Schemas;
  /** Keeps the events of receivers apart that share an inbox, also two of one provider. @default the scheme's name */
  readonly name?: string;
  /** Tolerance, configuration, clock and cryptography of the verification. */
  readonly verification?: VerifyOptions;
  /** The URL that the provider calls, for schemes that sign it: what arrives behind a proxy is another one. */
  readonly publicUrl?: string;
  /** The provider is answered within this time, with 503 if the inbox did not commit. @default 3000, or less where the provider waits less */
  readonly answerWithinMs?: number;
  /** Larger bodies are answered with 413. @default 26214400, the 25 MiB that GitHub sends at most */
  readonly maxBodyBytes?: number;
  /** A body must have arrived within this time, else it is answered with 408. @default 10000 */
  readonly bodyTimeoutMs?: number;
  /** The body of a 2xx. @default what the provider expects */
  readonly acceptBody?: string;
  /** Headers that handlers see beside `content-type`. Name none that carry a secret: they are stored. */
  readonly keepHeaders?: readonly string[];
  /** @default by whether the signature covers the event's id */
  readonly deduplication?: Deduplication;
  /** The events of a delivery that carries several. @default the delivery is the event */
  readonly split?: (delivery: Delivery) => readonly DeliveryPart[];
  /** Events with the same key are handled one after the other, in the order of arrival. @default no order */
  readonly orderBy?: (event: Delivery) => string | undefined;
  readonly retry?: Partial<RetryPolicy>;
  /** A run that takes longer has failed. @default 60000 */
  readonly handlerTimeoutMs?: number;
  /** How many handlers run at once in this process. @default 10 */
  readonly concurrency?: number;
  /** After a crash, what was being handled is tried again when this has passed; renewed while handlers run. @default 30000 */
  readonly leaseMs?: number;
  /** How often the inbox is asked for retries, and for what other processes recorded. @default 1000 */
  readonly pollMs?: number;
  /** How long a duplicate is recognised after its event ended. @default 2592000000, 30 days */
  readonly rememberMs?: number;
  /** Whether handlers run in the background of this process; else call `drain`. @default true, but for Workers */
  readonly background?: boolean;
  /** @default warnings and errors go to the console */
  readonly onNotice?: (notice: Notice) => void;
  /** A provider's handshake asks for more than an answer: a secret to keep, an address to call. */
  readonly onHandshake?: (effect: HandshakeEffect) => void | Promise<void>;
}
