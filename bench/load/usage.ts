import { readdirSync, readFileSync } from "node:fs";

export interface Usage {
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly peakRssMb: number;
  /** CPU seconds by the name of the thread. */
  readonly threads: Readonly<Record<string, number>>;
}

// sysconf(_SC_CLK_TCK), which Linux has fixed for programs.
const ticksPerSecond = 100;

/** What a process used so far, from /proc; `undefined` where there is none. */
export function usageOf(pid: number): Usage | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const threads: Record<string, number> = {};
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const { name, seconds } = readStat(`/proc/${pid}/task/${task}/stat`);
      threads[name] = (threads[name] ?? 0) + seconds;
    }
    return {
      cpuSeconds: readStat(`/proc/${pid}/stat`).seconds,
      rssMb: megabytes(status, "VmRSS"),
      peakRssMb: megabytes(status, "VmHWM"),
      threads,
    };
  } catch {
    // Not Linux, or the process has ended.
    return undefined;
  }
}

export function cpuBetween(before: Usage | undefined, after: Usage | undefined): number {
  return before === undefined || after === undefined
    ? Number.NaN
    : after.cpuSeconds - before.cpuSeconds;
}

/** The name is in parentheses and may hold any character, these too. */
function readStat(path: string): { readonly name: string; readonly seconds: number } {
  const text = readFileSync(path, "utf8");
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { name: text.slice(text.indexOf("(") + 1, end), seconds: ticks / ticksPerSecond };
}

function megabytes(status: string, field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024;
}
