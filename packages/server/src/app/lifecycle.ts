import cluster from "node:cluster";
import { withLoopbackTargets } from "./dev.ts";
import { buildServer, type RunningServer } from "./build.ts";
import type { Config } from "./config.ts";
import { createLogger, type Logger } from "./log.ts";
import { superviseProcesses, toldToStop } from "./processes.ts";
import { version } from "./version.ts";

/**
 * Runs a server until SIGINT or SIGTERM, then stops it in order: no new requests, what is in
 * flight ends or is handed back, the store closes. A second signal ends the process at once. With
 * several processes this one starts them and passes on when to stop.
 */
export async function serve(config: Config, options: { readonly dev: boolean }): Promise<void> {
  const log = createLogger(config.logLevel, config.processes > 1);
  if (config.processes > 1 && cluster.isPrimary) {
    await superviseProcesses(config.processes, log);
    return;
  }
  if (!cluster.isWorker) return run(config, { ...options, log, stop: () => stopSignal(log) });
  const told = toldToStop();
  try {
    await run(config, { ...options, log, stop: told.stop });
  } finally {
    told.close();
  }
}

interface RunOptions {
  readonly dev: boolean;
  readonly log: Logger;
  /** Called when the server has started; resolves when it is to stop. */
  readonly stop: () => Promise<void>;
}

async function run(config: Config, { dev, log, stop }: RunOptions): Promise<void> {
  const server = await buildServer(dev ? withLoopbackTargets(config) : config, {
    log,
    terminal: process.stdout.isTTY,
    onFatal: (error) => {
      // A part of the engine is gone: what is on disk is whole, and a restart goes on from it.
      log.fatal({ err: error }, "the server cannot go on and ends");
      log.flush(() => process.exit(1));
    },
  });
  announce(server, config, dev, log);
  await stop();
  await server.close();
  log.info("stopped");
}

function announce(server: RunningServer, { roles }: Config, dev: boolean, log: Logger): void {
  log.info(
    { url: server.url, version, dataDir: server.dataDir, roles },
    `Posthorn listens at ${server.url}`,
  );
  if (dev)
    log.warn(
      "development mode: endpoints on this machine may be called; use `posthorn serve` in production",
    );
  if (server.adminKey.kind === "known") return;
  if (server.adminKey.file !== undefined) {
    log.warn(
      { file: server.adminKey.file },
      "an admin API key was made and written to this file; move it to where you keep secrets",
    );
    return;
  }
  // Shown once, on the terminal and not in the log.
  process.stdout.write(`
Your admin API key, shown this once:

    ${server.adminKey.token}

Try it:

    curl -s ${server.url}/api/v1/app -H 'authorization: Bearer ${server.adminKey.token}' \\
      -H 'content-type: application/json' -d '{"name": "My first application"}'

`);
}

function stopSignal(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) process.exit(130);
      stopping = true;
      log.info(
        { signal },
        "stopping: finishing what is under way, at most 10 s; again to end at once",
      );
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
