import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { createSystemClock } from "../adapters/clock.ts";
import { openHttpOutbound } from "../adapters/http/http-outbound.ts";
import { webhookSchemes } from "../adapters/crypto/webhook-schemes.ts";
import { createApi } from "../api/server.ts";
import type { ApiParts, PartHealth } from "../api/api-parts.ts";
import { createIdCodec, createIdSource } from "../domain/ids.ts";
import { parseAllowedTargets } from "../domain/target.ts";
import { type AdminKey, ensureAdminKey } from "./admin-key.ts";
import type { Config } from "./config.ts";
import { dispatchSettings, processName } from "./dispatch-settings.ts";
import type { DispatchSettings } from "../dispatch/settings.ts";
import type { DispatcherThreadInput } from "./dispatcher-thread.ts";
import { type DispatcherWorker, startDispatcherWorker } from "./dispatcher-worker.ts";
import type { Store } from "../ports/store.ts";
import type { Logger } from "./log.ts";
import { loadMasterKey } from "./master-key.ts";
import { type OpenedStore, openStore } from "./open-store.ts";
import { version } from "./version.ts";

export interface ServerOptions {
  readonly log: Logger;
  /** A person sees standard output. */
  readonly terminal: boolean;
  /** A part that the others cannot do without has ended; the process must, too. */
  readonly onFatal: (error: Error) => void;
}

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  readonly dataDir: string;
  readonly adminKey: AdminKey;
  /**
   * Stops taking requests, lets what is under way end (at most 10 s), records it, and closes the
   * store.
   */
  close(): Promise<void>;
}

/** Builds the server, leaves first, and starts it. Whatever was started is closed when it fails. */
export async function buildServer(config: Config, options: ServerOptions): Promise<RunningServer> {
  const dataDir = resolve(config.dataDir);
  const identity = { name: processName, version, roles: config.roles };
  const opened = await openStore({ ...config, dataDir }, { ...options, identity });
  try {
    return await startOn(opened, { ...config, dataDir }, options);
  } catch (error) {
    await opened.store.close();
    throw error;
  }
}

async function startOn(
  { clock: origin, dispatchLink, keyCheck, store }: OpenedStore,
  config: Config,
  options: ServerOptions,
): Promise<RunningServer> {
  const { dataDir } = config;
  const dispatching = dispatchSettings(config);
  // The key is read after the store is locked: two first starts at once make one key.
  const { bytes: masterKey, vault } = await loadMasterKey(dataDir, config.masterKey, keyCheck);
  const installation = await store.installation();
  const clock = createSystemClock(origin);
  const ids = createIdSource(clock.now, installation.lastId, installation.idNode);
  const { log, onFatal, terminal } = options;
  const adminKey = await ensureAdminKey(store, ids, {
    dataDir,
    configured: config.adminKey,
    terminal,
    now: clock.now(),
  });
  const startDispatcher = () => {
    const sender = senderOptions(config);
    const given = { masterKey, installation, clock: origin, sender, settings: dispatching };
    return startDispatcherWorker({ ...given, link: dispatchLink() }, log, onFatal);
  };
  const dispatcher = config.roles.includes("worker") ? await startDispatcher() : undefined;
  const outbound = openHttpOutbound({ ...egressOptions(config), userAgent: dispatching.userAgent });
  const api = createApi({
    store,
    partitions: installation.partitions,
    ids,
    codec: createIdCodec(installation.name),
    vault,
    schemes: webhookSchemes,
    outbound,
    now: clock.now,
    wallMs: clock.wallMs,
    random: randomBytes,
    settings: apiSettings(config, dispatching),
    log,
    serves: config.roles.includes("api") ? "everything" : "health",
    dispatcherHealth: () => healthOf(dispatcher),
  });
  const url = await listen(api, config).catch(async (error: unknown) => {
    await outbound.close();
    await dispatcher?.stop();
    throw error;
  });
  return {
    url,
    dataDir,
    adminKey,
    close: once(async () => {
      await api.close();
      await outbound.close();
      await stopInOrder(dispatcher, store);
    }),
  };
}

function healthOf(dispatcher: DispatcherWorker | undefined): PartHealth {
  if (dispatcher === undefined) return { kind: "elsewhere" };
  return dispatcher.working()
    ? { kind: "working" }
    : { kind: "failing", detail: "the dispatcher has stopped: restart the server" };
}

function senderOptions(config: Config): DispatcherThreadInput["sender"] {
  return {
    ...egressOptions(config),
    deadlineMs: config.requestTimeoutMs,
    maxConnectionsPerOrigin: config.endpointConcurrency,
  };
}

function egressOptions(config: Config) {
  return {
    allowedTargets: config.allowedTargets,
    ...(config.egressProxy === undefined ? {} : { proxyUrl: config.egressProxy }),
  };
}

async function listen(api: ReturnType<typeof createApi>, config: Config): Promise<string> {
  try {
    return await api.listen({ host: config.host, port: config.port });
  } catch (cause) {
    throw new Error(
      `cannot listen at ${config.host}:${config.port}: set POSTHORN_HOST and POSTHORN_PORT to what is free here`,
      { cause },
    );
  }
}

async function stopInOrder(dispatcher: DispatcherWorker | undefined, store: Store): Promise<void> {
  try {
    await dispatcher?.stop();
  } finally {
    await store.close();
  }
}

function apiSettings(config: Config, dispatching: DispatchSettings): ApiParts["settings"] {
  return {
    userAgent: dispatching.userAgent,
    svixHeaders: dispatching.svixHeaders,
    maxPayloadBytes: config.maxPayloadBytes,
    maxInboundBytes: config.maxInboundBytes,
    keepRejectedHours: config.keepRejectedHours,
    trustedProxies: config.trustedProxies,
    corsOrigins: config.corsOrigins,
    retentionDays: config.retentionDays,
    allowedTargets: parseAllowedTargets(config.allowedTargets),
    ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
  };
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
