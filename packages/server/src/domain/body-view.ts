const decoder = new TextDecoder("utf-8", { fatal: true });

/** What a body says to filters, schemas and people. */
export interface BodyView {
  readonly payload: object;
  /** Its JSON text; `null` for a body that is no JSON object, of which `payload` shows the bytes. */
  readonly text: string | null;
}

/** Reads a body as a JSON object, or else shows its bytes with their content type. */
export function viewBody(body: Uint8Array, contentType: string | null): BodyView {
  const text = textOf(body);
  const payload = text === null ? null : objectOf(text);
  if (payload !== null) return { payload, text };
  return {
    payload:
      text === null
        ? { contentType, encoding: "base64", body: Buffer.from(body).toString("base64") }
        : { contentType, encoding: "utf-8", body: text },
    text: null,
  };
}

/** The JSON text that shows it. */
export function viewText({ payload, text }: BodyView): string {
  return text ?? JSON.stringify(payload);
}

function textOf(bytes: Uint8Array): string | null {
  try {
    // A byte order mark belongs to the bytes, and not to the text.
    return decoder.decode(bytes);
  } catch {
    // Bytes that are no UTF-8: what `fatal` throws for.
    return null;
  }
}

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    // No JSON, or nested deeper than the parser goes.
    return null;
  }
}
