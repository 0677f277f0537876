/** What a handler gets. */
export interface ReceivedEvent<Data = unknown> {
  /** The same for each delivery of the event: the provider's id, or a hash of the content. */
  readonly id: string;
  readonly type: string | undefined;
  /** The body as JSON or form fields, or what its schema made of it; undefined where it is neither. */
  readonly data: Data;
  /** The bytes that the signature covers, or those of one event out of a delivery with several. */
  readonly body: Uint8Array;
  /** `content-type` and those that `keepHeaders` names, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: Date;
  /** 1 for the first run. */
  readonly attempt: number;
}

/** Reads a body as JSON or as a form; undefined when it is neither. Never throws. */
export function parseData(body: Uint8Array, contentType: string | undefined): unknown {
  const text = new TextDecoder().decode(body);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? "")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // It is no JSON: the handler has the bytes.
  }
}
