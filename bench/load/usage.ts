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

/**
 * What a process and its children used so far, those that ended too. No memory: what they share would
 * count once for each.
 */
export function usageOfTree(pid: number): Usage | undefined {
  const root = usageOf(pid);
  if (root === undefined) return undefined;
  const children = childrenOf(pid).map((child) => usageOf(child)?.cpuSeconds ?? 0);
  const now = children.reduce((total, each) => total + each, 0);
  return {
    cpuSeconds: root.cpuSeconds + endedSeconds(pid) + now,
    rssMb: Number.NaN,
    peakRssMb: Number.NaN,
    threads: {},
  };
}

/** Of processes that work together. No memory, for the same reason. */
export function usageOfAll(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const known = usages.filter((usage) => usage !== undefined);
  if (known.length < usages.length) return undefined;
  const cpuSeconds = known.reduce((total, each) => total + each.cpuSeconds, 0);
  return { cpuSeconds, rssMb: Number.NaN, peakRssMb: Number.NaN, threads: {} };
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? [] : text.split(" ").map(Number);
  } catch {
    return [];
  }
}

/** CPU seconds of children that ended and were waited for. */
function endedSeconds(pid: number): number {
  const fields = fieldsOf(readFileSync(`/proc/${pid}/stat`, "utf8"));
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

export function cpuBetween(before: Usage | undefined, after: Usage | undefined): number {
  return before === undefined || after === undefined
    ? Number.NaN
    : after.cpuSeconds - before.cpuSeconds;
}

/** The name is in parentheses and may hold any character, these too. */
function readStat(path: string): { readonly name: string; readonly seconds: number } {
  const text = readFileSync(path, "utf8");
  const fields = fieldsOf(text);
  const ticks = Number(fields[11]) + Number(fields[12]);
  const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
  return { name, seconds: ticks / ticksPerSecond };
}

/** From the process's state on. */
function fieldsOf(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function megabytes(status: string, field: string): number {
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024;
}
