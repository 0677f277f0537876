import type { MessageId } from "../domain/ids.ts";

/**
 * An idempotency key that goes into the same commit as the write it guards. It is looked at first:
 * a repeated request changes nothing and is told what was answered.
 */
export interface Remember {
  /** Hash of token, route and key. */
  readonly keyHash: string;
  /** Hash of the request; another one under the same key is refused. */
  readonly requestHash: string;
  readonly expiresAt: number;
  readonly answer: RememberedAnswer;
}

/** The answer to repeat: its text, or (so that payloads are not kept twice) the message it shows. */
export type RememberedAnswer =
  | { readonly kind: "body"; readonly status: number; readonly json: string | null }
  | { readonly kind: "message"; readonly status: number; readonly message: MessageId };

export type Repeated =
  | { readonly kind: "repeated"; readonly answer: RememberedAnswer }
  | { readonly kind: "key-reused" };
