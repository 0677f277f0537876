/** What a request at a source leaves: its own row, its event's key, a message, and one delivery of it. */
export interface InboundRow {
  readonly id: number;
  readonly message: number;
  readonly delivery: number;
  readonly receivedAt: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly contentType: string;
  /** As JSON. */
  readonly headers: string;
  readonly body: Uint8Array;
}

/**
 * The insert that Posthorn's gate waits for, and nothing else of it: the same rows under the same keys and
 * indexes, in one transaction that is on disk when it resolves. Nothing is looked for, counted or handed on.
 */
export interface InboundStore {
  commit(rows: readonly InboundRow[]): Promise<void>;
  /** Between runs. */
  rest(): void;
}

/** The one source, application and endpoint of all rows. */
export const owner = { source: 1, application: 2, endpoint: 3, partition: 0 } as const;

export const retentionMs = 30 * 86_400_000;
export const dedupeMs = 86_400_000;

/** The part of a request's row that nobody looks for. */
export function docOf({ body, contentType, eventId, eventType, receivedAt }: InboundRow): string {
  const what = { receivedAt, method: "POST", bodyBytes: body.byteLength, contentType };
  const none = { detail: null, diagnosis: null, headers: null };
  return JSON.stringify({ ...what, ...none, status: 200, eventId, eventType });
}
