import type { ErrorClass, Outcome, ReceivedResponse } from "../domain/outcome.ts";

export interface SendRequest {
  /** @default "POST" */
  readonly method?: "GET" | "POST";
  /** As the endpoint has it. Checked again here: only `http:` and `https:`, no userinfo. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface SendResult {
  readonly outcome: Outcome;
  readonly errorClass?: ErrorClass;
  /** One sentence for people: what failed and, where that is known, what to do. Never a secret. */
  readonly detail?: string;
  readonly response?: ReceivedResponse;
  /** The address that was connected to (or refused), without the port. */
  readonly address?: string;
  readonly dnsMs?: number;
  readonly connectMs?: number;
  readonly tlsMs?: number;
  readonly firstByteMs?: number;
  readonly totalMs: number;
  readonly reused: boolean;
}

/** Sends one HTTP request and says what came of it. */
export interface Sender {
  /**
   * Never rejects: every failure is a result. One deadline, fixed when the sender is made, covers
   * everything from DNS to the last byte read. `signal` ends it early, as a timeout would.
   */
  send(request: SendRequest, signal?: AbortSignal): Promise<SendResult>;

  /** Closes idle connections at once; resolves when none is left. */
  close(): Promise<void>;
}
