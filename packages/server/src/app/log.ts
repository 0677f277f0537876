import { isatty } from "node:tty";
import pino, { type Logger } from "pino";
import pretty from "pino-pretty";

export type { Logger };

/** Paths that hold secrets wherever an object is logged whole. */
const redacted = [
  "authorization",
  "*.authorization",
  "headers.authorization",
  "req.headers.authorization",
  "token",
  "*.token",
  "secret",
  "*.secret",
  "key",
  "*.key",
];

/**
 * Structured lines on standard error; for people when that is a terminal. Of several processes that
 * write to one place each says which one it is.
 */
export function createLogger(level: string, oneOfMany = false): Logger {
  const base = oneOfMany ? { pid: process.pid } : null;
  const options = { level, base, redact: { paths: redacted, censor: "[secret]" } };
  if (!isatty(2))
    return pino(
      { ...options, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: 2, sync: false }),
    );
  return pino(
    options,
    pretty({
      destination: 2,
      ignore: oneOfMany ? "hostname" : "pid,hostname",
      translateTime: "HH:MM:ss.l",
    }),
  );
}
