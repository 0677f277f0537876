import { mkdirSync } from "node:fs";
import { createSystemClock } from "../adapters/clock.ts";
import { openPostgresStore } from "../adapters/postgres/open-postgres-store.ts";
import { openSqliteStore } from "../adapters/sqlite/open-sqlite-store.ts";
import type { Store } from "../ports/store.ts";
import type { ProcessIdentity } from "../ports/worker-store.ts";
import type { Config } from "./config.ts";
import type { DispatchLink } from "./dispatch-link.ts";
import type { Logger } from "./log.ts";
import type { KeyCheck } from "./master-key.ts";

export interface OpenedStore {
  readonly store: Store;
  /** A new one each time. */
  readonly dispatchLink: () => DispatchLink;
  /** In the database, for processes with data folders of their own; else in the data folder. */
  readonly keyCheck?: KeyCheck;
}

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
    return { store, dispatchLink: () => ({ kind: "sqlite", port: store.dispatchPort() }) };
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const now = createSystemClock().now;
  const store = await openPostgresStore({ url, now, identity, onFatal, log });
  const keyCheck = { read: store.keyCheck, write: store.keepKeyCheck };
  const { slot } = store;
  const leaseMs = 1000 * config.leaseSeconds;
  const dispatchLink = () =>
    ({ kind: "postgres", port: store.dispatchPort(), url, slot, leaseMs }) as const;
  return { store, dispatchLink, keyCheck };
}
