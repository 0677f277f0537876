import { StoreUnavailable, type StoreFault } from "../../ports/store-errors.ts";

/** SQLite's primary result codes for troubles of the machine, not of the statement. */
const faultOfCode: Readonly<Record<number, StoreFault>> = {
  5: "io-error", // SQLITE_BUSY: another program holds the file
  8: "read-only",
  10: "io-error",
  11: "corrupt",
  13: "disk-full",
  14: "io-error", // SQLITE_CANTOPEN
  26: "corrupt", // SQLITE_NOTADB
};

const advice: Readonly<Record<StoreFault, string>> = {
  "disk-full": "the disk of the data folder is full: make room, it goes on by itself",
  "read-only": "the data folder cannot be written: mend its permissions or mount",
  "io-error": "the data folder could not be read or written",
  corrupt: "the store's file is damaged: restore a backup",
  unreachable: "the store's thread cannot be reached",
  busy: "the store could not do it in time",
  closed: "the store was closed",
};

/** The fault behind an error of SQLite; `undefined` when the statement itself was wrong. */
export function faultOf(error: unknown): StoreFault | undefined {
  if (error instanceof StoreUnavailable) return error.fault;
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  if (typeof error.errcode !== "number") return undefined;
  return faultOfCode[error.errcode & 0xff];
}

export function unavailable(fault: StoreFault, cause?: unknown): StoreUnavailable {
  const detail = cause instanceof Error ? ` (${cause.message})` : "";
  return new StoreUnavailable(fault, `${advice[fault]}${detail}`, { cause });
}
