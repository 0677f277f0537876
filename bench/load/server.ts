import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { monotonicMs } from "./clock.ts";
import type { Place } from "./place.ts";
import { endProcess } from "./start-child.ts";
import { usageOf, type Usage } from "./usage.ts";

/** A server that speaks the sending contract. */
export interface Server {
  readonly url: string;
  readonly token: string;
  /** From the start of the process until it answered that it is ready. */
  readonly startMs: number;
  usage(): Usage | undefined;
  stop(): Promise<void>;
}

export interface PosthornProcess extends Server {
  readonly pid: number;
  kill(): Promise<void>;
}

export type Role = "api" | "worker";

export interface ServerOptions {
  readonly place: Place;
  /** @default both */
  readonly roles?: readonly Role[];
  /** Where V8 writes CPU profiles to, one for each thread. */
  readonly profileTo?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** From the sources, as in development; otherwise what `npm run build` made, as people run it. */
  readonly fromSources?: boolean;
}

const sources = fileURLToPath(new URL("../../packages/server/src/cli/main.ts", import.meta.url));
const built = fileURLToPath(new URL("../../packages/server/bin/posthorn.cjs", import.meta.url));
const token = "an-admin-key-for-the-bench";

/** Starts Posthorn on a free port. */
export async function startPosthorn(options: ServerOptions): Promise<PosthornProcess> {
  const { place, profileTo, roles = ["api", "worker"] } = options;
  const profiling =
    profileTo === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${profileTo}`, "--cpu-prof-interval=500"];
  const startedAt = monotonicMs();
  const child = spawn(
    process.execPath,
    [
      // As in the first line of bin/posthorn.cjs, and in `npm start`.
      "--max-semi-space-size=16",
      "--no-allocation-site-pretenuring",
      ...(options.fromSources === true ? ["--conditions=@posthorn/source"] : []),
      ...profiling,
      options.fromSources === true ? sources : built,
      "serve",
      "--dev",
    ],
    {
      env: {
        PATH: process.env["PATH"],
        POSTHORN_PORT: "0",
        POSTHORN_DATA_DIR: place.folder,
        ...(place.kind === "postgres" ? { POSTHORN_STORE: place.url } : {}),
        POSTHORN_ROLES: roles.join(","),
        POSTHORN_ADMIN_KEY: token,
        POSTHORN_LOG_LEVEL: "info",
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error("the server could not be started");
  // However this process ends, it leaves none behind.
  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const url = await urlOf(child);
  await ready(url);
  return {
    url,
    token,
    startMs: monotonicMs() - startedAt,
    pid,
    usage: () => usageOf(pid),
    stop: () => endProcess(child, "SIGTERM"),
    kill: () => endProcess(child, "SIGKILL"),
  };
}

export function otherServer(url: string, token: string): Server {
  return {
    url: url.replace(/\/+$/, ""),
    token,
    startMs: Number.NaN,
    usage: () => undefined,
    stop: () => Promise.resolve(),
  };
}

function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    let found = false;
    const read = (chunk: Buffer): void => {
      if (found) return;
      output += chunk.toString();
      const url = /"url":"(http[^"]+)"/.exec(output)?.[1];
      if (url === undefined) return;
      found = true;
      resolve(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
  });
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/api/v1/health`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface BenchApplication {
  readonly id: string;
  readonly endpoints: readonly string[];
  /** Where its messages are published. */
  readonly url: string;
}

/** Makes an application with an endpoint for each target; each gets the messages of its channel, or all. */
export async function createApplication(
  server: Server,
  targets: readonly { readonly url: string; readonly channel?: string }[],
): Promise<BenchApplication> {
  const { id } = await call(server, "/app", { name: "bench" });
  const endpoints: string[] = [];
  for (const { channel, url } of targets) {
    const channels = channel === undefined ? {} : { channels: [channel] };
    const made = await call(server, `/app/${id}/endpoint`, { url, ...channels });
    endpoints.push(made.id);
  }
  return { id, endpoints, url: `${server.url}/api/v1/app/${id}/msg` };
}

/** Makes a source and says where it takes requests. */
export async function createSource(
  server: Server,
  of: { readonly app: string; readonly scheme: string; readonly secret: string },
): Promise<string> {
  const { app, ...rest } = of;
  const made = await call(server, "/source", { applicationId: app, name: "bench", ...rest });
  if (made.url === undefined) throw new Error("a source has a URL");
  return made.url;
}

export async function setPaused(
  server: Server,
  of: { readonly app: string; readonly endpoint: string; readonly paused: boolean },
): Promise<void> {
  const verb = of.paused ? "pause" : "resume";
  await call(server, `/app/${of.app}/endpoint/${of.endpoint}/${verb}`, {});
}

export async function setEndpoint(
  server: Server,
  of: { readonly app: string; readonly endpoint: string },
  change: { readonly disabled: boolean } | { readonly throttleRate: number | null },
): Promise<void> {
  await ask(server, "PATCH", `/app/${of.app}/endpoint/${of.endpoint}`, change);
}

/** The secret so far is out of force at once. */
export async function rotateSecret(
  server: Server,
  of: { readonly app: string; readonly endpoint: string },
  key: string,
): Promise<void> {
  const path = `/app/${of.app}/endpoint/${of.endpoint}/secret/rotate`;
  await ask(server, "POST", path, { key, gracePeriodSeconds: 0 });
}

async function ask(server: Server, method: string, path: string, body: object): Promise<Response> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
}

async function call(
  server: Server,
  path: string,
  body: object,
): Promise<{ readonly id: string; readonly url?: string }> {
  const response = await ask(server, "POST", path, body);
  const answer: unknown = await response.json();
  if (typeof answer !== "object" || answer === null || !("id" in answer)) {
    throw new Error(`POST ${path} was answered ${JSON.stringify(answer)}`);
  }
  const url = "url" in answer ? { url: String(answer.url) } : {};
  return { id: String(answer.id), ...url };
}
