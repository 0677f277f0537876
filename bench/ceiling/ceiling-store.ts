export interface AcceptedRow {
  readonly id: number;
  readonly eventType: string;
  readonly body: Uint8Array;
  readonly deliveries: number;
}

export interface OutcomeRow {
  readonly message: number;
  readonly endpoint: number;
  readonly startedAt: number;
  readonly status: number;
}

/**
 * The rows that a message needs and nothing else: no index beside the keys, no event ids, no
 * statistics. Durable as Posthorn's.
 */
export interface CeilingStore {
  /** `true`: a commit of what was accepted and one of outcomes may be under way at once. */
  readonly apart: boolean;
  /** One transaction, on disk when it resolves; where they go apart, one of the lists is empty. */
  commit(accepted: readonly AcceptedRow[], outcomes: readonly OutcomeRow[]): Promise<void>;
  /** Between runs. */
  rest(): void;
}

export function keyOf(message: number, endpoint: number): number {
  return message * 64 + endpoint;
}
