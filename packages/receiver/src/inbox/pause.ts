/** Waits `ms` or until `signal` aborts. The timer keeps no process alive, where the platform allows it. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Nothing is waited for then, and a process that has nothing else to do must not end before this settles.
  if (signal.aborted) return yieldTurn();
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(), ms);
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done);
    releaseProcess(timer);
  });
}

/** Lets requests, timers and other I/O have their turn. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** Node, Bun and Deno hold a process open for a timer; in browsers and Workers it is a number. */
function releaseProcess(timer: unknown): void {
  if (typeof timer !== "object" || timer === null || !("unref" in timer)) return;
  if (typeof timer.unref === "function") timer.unref();
}
