import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ask, Commands, Told } from "./serve-commands.ts";
import { usageOf, type Usage } from "./usage.ts";

/** A process of the bench, as `serveCommands` made it. */
export interface Child<T extends Commands<T>> {
  readonly pid: number;
  ask<Name extends keyof T & string>(
    name: Name,
    ...argument: Parameters<T[Name]>
  ): Promise<Awaited<ReturnType<T[Name]>>>;
  usage(): Usage | undefined;
  stop(): Promise<void>;
}

/** Starts a file beside this folder, such as `load/receiver.ts`. */
export function startChild<T extends Commands<T>>(file: string): Child<T> {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started`);
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let stopping = false;
  child.on("message", (told: Told) => {
    const waiting = asked.get(told.id);
    asked.delete(told.id);
    if (told.kind === "value") waiting?.resolve(told.value);
    else waiting?.reject(new Error(`${file}: ${told.message}`));
  });
  child.on("exit", (code) => {
    if (stopping) return;
    for (const waiting of asked.values()) waiting.reject(new Error(`${file} ended with ${code}`));
  });
  return {
    pid,
    ask<Name extends keyof T & string>(name: Name, ...[argument]: Parameters<T[Name]>) {
      lastId += 1;
      const waiting = Promise.withResolvers<unknown>();
      asked.set(lastId, waiting);
      const ask: Ask = { id: lastId, name, argument };
      child.send(ask);
      // The child's own table has these types.
      return waiting.promise as Promise<Awaited<ReturnType<T[Name]>>>;
    },
    usage: () => usageOf(pid),
    stop: () => {
      stopping = true;
      return endProcess(child, "SIGKILL");
    },
  };
}

/** Ends a process that this one started, and waits for it. */
export function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
