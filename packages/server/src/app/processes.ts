import cluster, { type Worker } from "node:cluster";
import type { Logger } from "./log.ts";

const stopMessage = "stop";
/** A process that lived for so long after its start has not failed at it. */
const settledMs = 10_000;
const mostFailures = 5;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Runs `count` processes that share the port until a signal ends them all. The first one starts
 * alone: the schema and the keys are made once. One that ends by itself is replaced; when that
 * fails again and again, all end, with its error the last one told.
 */
export async function superviseProcesses(count: number, log: Logger): Promise<void> {
  const supervisor = new Supervisor(count, log);
  const stop = (signal: NodeJS.Signals): void => supervisor.stop(signal);
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await supervisor.run();
  process.off("SIGINT", stop);
  process.off("SIGTERM", stop);
  if (!supervisor.failed) log.info("stopped");
  process.exitCode = supervisor.failed ? 1 : 0;
}

interface Life {
  /** For how long it listened; `undefined` when it ended before. */
  readonly listenedMs: number | undefined;
  readonly how: { readonly ended: number | undefined } & ExitedHow;
}

type ExitedHow = { readonly code: number } | { readonly signal: string };

class Supervisor {
  readonly #count: number;
  readonly #log: Logger;
  readonly #children = new Set<Worker>();
  readonly #firstListens = Promise.withResolvers<void>();
  #everListened = false;
  #state: "running" | "stopping" | "failed" = "running";
  readonly #endPause = new AbortController();
  readonly #listening = new Set<Worker>();

  constructor(count: number, log: Logger) {
    this.#count = count;
    this.#log = log;
  }

  get failed(): boolean {
    return this.#state === "failed";
  }

  /** Resolves when all have ended. */
  async run(): Promise<void> {
    const first = this.#keep();
    await Promise.race([first, this.#firstListens.promise]);
    const others = Array.from({ length: this.#count - 1 }, () => this.#keep());
    await Promise.all([first, ...others]);
  }

  stop(signal: NodeJS.Signals): void {
    if (this.#state !== "running") {
      for (const child of this.#children) child.process.kill("SIGKILL");
      process.exit(130);
    }
    this.#log.info(
      { signal },
      "stopping all processes: finishing what is under way, at most 10 s; again to end at once",
    );
    this.#end("stopping");
  }

  #end(state: "stopping" | "failed"): void {
    if (this.#state === "running") this.#state = state;
    this.#endPause.abort();
    for (const child of this.#children) tellToStop(child);
  }

  /** One process after the other. */
  async #keep(): Promise<void> {
    let failures = 0;
    while (this.#state === "running") {
      const { how, listenedMs } = await this.#live();
      if (this.#state !== "running") return;
      failures = (listenedMs ?? 0) >= settledMs ? 0 : failures + 1;
      // What keeps the very first from starting keeps all others, too; it has said what it is.
      if (!this.#everListened || failures === mostFailures) {
        const what = this.#everListened
          ? "a process ends again and again: all are stopped"
          : "the first process cannot start: no other is";
        this.#log.fatal({ ...how, failures }, what);
        return this.#end("failed");
      }
      const backoffMs = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
      const pauseMs = failures === 0 ? 0 : backoffMs;
      this.#log.error({ ...how, pauseMs }, "a process has ended: another one is started");
      await this.#pause(pauseMs);
    }
  }

  #live(): Promise<Life> {
    const child = cluster.fork();
    this.#children.add(child);
    let listensSince: number | undefined;
    child.once("listening", () => {
      listensSince = performance.now();
      this.#listens(child);
    });
    return new Promise((resolve) => {
      child.once("exit", (code: number | null, signal: string | null) => {
        this.#children.delete(child);
        this.#listening.delete(child);
        const exited = signal === null ? { code: code ?? 0 } : { signal };
        const listenedMs =
          listensSince === undefined ? undefined : performance.now() - listensSince;
        resolve({ listenedMs, how: { ended: child.process.pid, ...exited } });
      });
    });
  }

  #listens(child: Worker): void {
    this.#listening.add(child);
    this.#everListened = true;
    this.#firstListens.resolve();
    if (this.#listening.size === this.#count) {
      this.#log.info({ processes: this.#count }, "all processes listen");
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#endPause;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function tellToStop(child: Worker): void {
  // It may have ended just now, which its exit tells.
  if (child.isConnected()) child.send(stopMessage, () => undefined);
}

export interface ToldToStop {
  /** Once it has started; before that it ends at once. */
  readonly stop: () => Promise<void>;
  /** Lets the process end. */
  readonly close: () => void;
}

/**
 * In one of several processes: hears when it is to stop. Signals of a terminal, or of a service
 * manager, reach every process beside that, and count once.
 */
export function toldToStop(): ToldToStop {
  const stop = Promise.withResolvers<void>();
  let started = false;
  const told = (): void => (started ? stop.resolve() : process.exit(0));
  process.on("message", (message) => {
    if (message === stopMessage) told();
  });
  process.on("SIGTERM", told);
  // From a terminal, which sends it to the first process, too.
  process.on("SIGINT", () => undefined);
  return {
    stop: () => {
      started = true;
      return stop.promise;
    },
    close: () => process.channel?.unref(),
  };
}
