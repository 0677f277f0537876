/** The server refused a request, or could not be reached (`status` 0, with the `cause`). */
export class PosthornError extends Error {
  override name = "PosthornError" as const;
  readonly status: number;
  /** The code of docs/errors.md, `validation` for a list of faults, or `unreachable`. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** Reads the contract's two error bodies: `{code, detail}` and `{detail: [{loc, msg, type}]}`. */
export function readProblem(status: number, text: string): PosthornError {
  const body = parse(text);
  if (isRecord(body)) {
    const { code, detail } = body;
    if (Array.isArray(detail))
      return new PosthornError(status, "validation", detail.map(describeFault).join("; "));
    if (typeof code === "string" && typeof detail === "string")
      return new PosthornError(status, code, detail);
  }
  return new PosthornError(
    status,
    "unreadable",
    `The server answered ${status} without a readable reason`,
  );
}

function describeFault(fault: unknown): string {
  if (!isRecord(fault)) return "invalid";
  const where = Array.isArray(fault["loc"]) ? fault["loc"].join(".") : "";
  return `${where}: ${String(fault["msg"])}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not ours, a proxy's page for example.
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
