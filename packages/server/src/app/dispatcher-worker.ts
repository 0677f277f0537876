import { Worker } from "node:worker_threads";
import { threadLimits } from "../adapters/thread-limits.ts";
import type { DispatcherThreadInput, DispatcherThreadMessage } from "./dispatcher-thread.ts";
import type { Logger } from "./log.ts";

export interface DispatcherWorker {
  working(): boolean;
  /** Resolves when what was under way is finished or handed back, and recorded. */
  stop(): Promise<void>;
}

// Beside the sources it is .ts, beside the compiled files .js.
const entry = new URL(
  `./dispatcher-thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
  import.meta.url,
);

/** Starts the dispatcher's thread; resolves when it has taken over what waits in the store. */
export function startDispatcherWorker(
  input: DispatcherThreadInput,
  log: Logger,
  onFatal: (error: Error) => void,
): Promise<DispatcherWorker> {
  const worker = new Worker(entry, {
    name: "dispatcher",
    resourceLimits: threadLimits,
    workerData: input,
    transferList: [input.link.port],
  });
  return new Promise((resolve, reject) => {
    let state: "starting" | "working" | "stopping" | "ended" = "starting";
    const stopped = Promise.withResolvers<void>();
    const handle: DispatcherWorker = {
      working: () => state === "working",
      stop: () => {
        if (state === "working") {
          state = "stopping";
          worker.postMessage("stop");
        }
        return stopped.promise;
      },
    };
    function fail(error: Error): void {
      if (state === "starting") reject(error);
      else if (state !== "ended") onFatal(error);
      state = "ended";
      stopped.resolve();
    }
    worker.on("message", (message: DispatcherThreadMessage) => {
      switch (message.kind) {
        case "ready":
          state = "working";
          return resolve(handle);
        case "stopped":
          state = "ended";
          return stopped.resolve();
        case "fatal":
          return fail(message.error);
        case "log":
          return log[message.level](message.fields, message.text);
      }
    });
    worker.once("error", (cause) => fail(new Error("the dispatcher's thread failed", { cause })));
    worker.once("exit", (code) => {
      if (state !== "ended") fail(new Error(`the dispatcher's thread ended with code ${code}`));
    });
  });
}
