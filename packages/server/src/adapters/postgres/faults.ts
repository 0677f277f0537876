import { StoreUnavailable, type StoreFault } from "../../ports/store-errors.ts";

/** SQLSTATEs, whole or by their class, for troubles of the database and not of the statement. */
const faultOfState: Readonly<Record<string, StoreFault>> = {
  "08": "unreachable",
  "57P": "unreachable", // It shuts down, crashed, or does not accept connections yet.
  "53100": "disk-full",
  "53": "busy", // Too many connections, out of memory.
  "40001": "busy",
  "40P01": "busy",
  "55P03": "busy",
  "57014": "busy", // A timeout of the statement.
  "25006": "read-only",
  "58": "io-error",
  XX001: "corrupt",
  XX002: "corrupt",
};

/** Of Node's sockets and name resolution. */
const unreachableCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT", // A socket file.
  "ERR_STREAM_DESTROYED",
]);

/** What `pg` itself says, without a code, when a connection has ended or none came in time. */
const unreachableMessage =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout e|timeout expired|Query read timeout)/;

const advice: Readonly<Record<StoreFault, string>> = {
  "disk-full": "the disk of the database is full: make room, it goes on by itself",
  "read-only": "the database takes no writes: POSTHORN_STORE may name a standby",
  "io-error": "the database could not read or write its files",
  corrupt: "the database's files are damaged: restore a backup",
  unreachable: "the database cannot be reached: it goes on by itself when it is back",
  busy: "the database could not finish it in time: try again",
  closed: "the store was closed",
};

/** The fault behind an error of Postgres; `undefined` when the statement itself was wrong. */
export function faultOf(error: unknown): StoreFault | undefined {
  if (error instanceof StoreUnavailable) return error.fault;
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError) return faultOf(error.errors[0]);
  const code = codeOf(error);
  if (code === undefined) return unreachableMessage.test(error.message) ? "unreachable" : undefined;
  if (unreachableCodes.has(code)) return "unreachable";
  return faultOfState[code] ?? faultOfState[code.slice(0, 3)] ?? faultOfState[code.slice(0, 2)];
}

/** The SQLSTATE, or the code of a socket's error. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

export function unavailable(fault: StoreFault, cause?: unknown): StoreUnavailable {
  // Not the cause's message: a driver may name the host and the user of the URL in it.
  const code = codeOf(cause);
  const detail = code === undefined ? "" : ` (${code})`;
  return new StoreUnavailable(fault, `${advice[fault]}${detail}`);
}

/** An error as callers see it: `StoreUnavailable`, or the bug that it is. */
export function judged(error: unknown): unknown {
  const fault = faultOf(error);
  return fault === undefined ? error : unavailable(fault, error);
}
