import { hostname } from "node:os";
import { defaultDispatchSettings, type DispatchSettings } from "../dispatch/settings.ts";
import type { Config } from "./config.ts";
import { version } from "./version.ts";

const hourMs = 3_600_000;

/** In the ledger, in the log, and in the list of workers. */
export const processName = `${hostname()}:${process.pid}`;

/** The dispatcher's settings as the configuration has them. */
export function dispatchSettings(config: Config): DispatchSettings {
  const standard = defaultDispatchSettings;
  return {
    ...standard,
    worker: processName,
    userAgent: `Posthorn/${version}`,
    svixHeaders: config.svixHeaders,
    retry: {
      ...standard.retry,
      delaysMs: config.retrySchedule.map((seconds) => seconds * 1000),
      retryAfterCapMs: config.retryAfterCapSeconds * 1000,
    },
    failing: {
      ...standard.failing,
      warnAfterMs: config.warnAfterHours * hourMs,
      disableAfterMs: config.disableAfterHours * hourMs,
    },
    concurrency: {
      ...standard.concurrency,
      max: config.endpointConcurrency,
      start: Math.min(standard.concurrency.start, config.endpointConcurrency),
    },
    slots: { ...standard.slots, total: config.maxInFlight },
  };
}
