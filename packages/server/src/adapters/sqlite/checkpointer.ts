import { closeSync, openSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { CheckpointDone, CheckpointThreadData } from "./checkpoint-thread.ts";

/** Checkpoints beside the store's thread, one at a time. */
export interface Checkpointer {
  /**
   * Begins one, unless one is under way; `done` hears what went wrong, or `null`. `false`: its thread
   * is gone, and whoever asks has to do it.
   */
  begin(done: (fault: CheckpointDone) => void): boolean;
  /** Its connection is closed when it resolves, so that the store's own is the last one. */
  close(): Promise<void>;
  /** To be called when the store's connection is closed, too. */
  closeFile(): void;
}

/** The thread is started when there is something to do for it. */
export function createCheckpointer(path: string): Checkpointer {
  const descriptor = openSync(path, "r+");
  let thread: CheckpointThread | undefined;
  return {
    begin(done) {
      thread ??= new CheckpointThread({ path, descriptor });
      return thread.begin(done);
    },
    close: () => thread?.close() ?? Promise.resolve(),
    closeFile: () => closeSync(descriptor),
  };
}

class CheckpointThread {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #done: ((fault: CheckpointDone) => void) | undefined;
  #failed = false;

  constructor(workerData: CheckpointThreadData) {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    this.#worker = new Worker(new URL(`./checkpoint-thread.${extension}`, import.meta.url), {
      name: "checkpoint",
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
      workerData,
    });
    this.#worker.on("message", (fault: CheckpointDone) => this.#tell(fault));
    this.#worker.on("error", (error) => {
      this.#failed = true;
      this.#tell(error.message);
    });
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
  }

  begin(done: (fault: CheckpointDone) => void): boolean {
    if (this.#failed) return false;
    if (this.#done !== undefined) return true;
    this.#done = done;
    this.#worker.postMessage("run");
    return true;
  }

  close(): Promise<void> {
    this.#done = undefined;
    this.#worker.postMessage("close");
    return this.#ended;
  }

  #tell(fault: CheckpointDone): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(fault);
  }
}
