import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildServer, createLogger, readConfig } from "posthorn";

export interface DemoServer {
  readonly url: string;
  readonly adminKey: string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const adminKey = "demo-admin-key-on-this-machine-only";

/** Runs a server inside this process, on a free port and in a new folder; loopback may be called. */
export async function startPosthorn(
  environment: Readonly<Record<string, string>>,
): Promise<DemoServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "posthorn-demo-"));
  const config = readConfig({
    POSTHORN_PORT: "0",
    POSTHORN_DATA_DIR: dataDir,
    POSTHORN_ADMIN_KEY: adminKey,
    POSTHORN_ALLOWED_TARGETS: "127.0.0.0/8",
    ...environment,
  });
  const server = await buildServer(config, {
    log: createLogger("warn"),
    terminal: false,
    onFatal: (error) => {
      console.error(error);
      process.exit(1);
    },
  });
  return {
    url: server.url,
    adminKey,
    stop: async () => {
      await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
