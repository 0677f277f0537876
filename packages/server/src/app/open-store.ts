import { mkdirSync } from "node:fs";
import {
  clockOrigin,
  createSystemClock,
  steeredOrigin,
  type ClockOrigin,
} from "../adapters/clock.ts";
import { openPostgresStore } from "../adapters/postgres/open-postgres-store.ts";
import { openSqliteStore } from "../adapters/sqlite/open-sqlite-store.ts";
import { Steering } from "../adapters/steering.ts";
import type { Store } from "../ports/store.ts";
import type { ProcessIdentity } from "../ports/worker-store.ts";
import type { Config } from "./config.ts";
import type { DispatchLink } from "./dispatch-link.ts";
import type { Logger } from "./log.ts";
import type { KeyCheck } from "./master-key.ts";

export interface OpenedStore {
  readonly store: Store;
  /** Of the clock that decides: this machine's, or that of the database. */
  readonly clock: ClockOrigin;
  /** A new one each time. */
  readonly dispatchLink: () => DispatchLink;
  /** In the database, for processes with data folders of their own; else in the data folder. */
  readonly keyCheck?: KeyCheck;
}

const worthSayingMs = 1_000;

/** Opens the store that the configuration names. The data folder is there afterwards. */
export async function openStore(
  config: Pick<Config, "dataDir" | "leaseSeconds" | "store">,
  options: {
    readonly log: Logger;
    readonly identity: ProcessIdentity;
    readonly onFatal: (error: Error) => void;
  },
): Promise<OpenedStore> {
  const { dataDir, store: url } = config;
  const { identity, onFatal } = options;
  const log: Parameters<typeof openPostgresStore>[0]["log"] = (line) =>
    options.log[line.level](line.message);
  if (url === "sqlite") {
    const store = await openSqliteStore({ dataDir, identity, onFatal, log });
    const dispatchLink = () => ({ kind: "sqlite", port: store.dispatchPort() }) as const;
    return { store, clock: clockOrigin(), dispatchLink };
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const clock = steeredOrigin();
  const { now, wallMs } = createSystemClock(clock);
  const steering = new Steering(clock.steering);
  const follow = steering.follow.bind(steering);
  const store = await openPostgresStore({ url, now, follow, identity, onFatal, log });
  warnOfClock(Date.now() - wallMs(), options.log);
  const keyCheck = { read: store.keyCheck, write: store.keepKeyCheck };
  const { slot } = store;
  const leaseMs = 1000 * config.leaseSeconds;
  const dispatchLink = () =>
    ({ kind: "postgres", port: store.dispatchPort(), url, slot, leaseMs }) as const;
  return { store, clock, dispatchLink, keyCheck };
}

function warnOfClock(aheadMs: number, log: Logger): void {
  if (Math.abs(aheadMs) < worthSayingMs) return;
  log.warn({ aheadMs }, "this machine's clock differs from the database's, which decides");
}
