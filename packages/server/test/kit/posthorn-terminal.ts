import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newDataDir } from "./posthorn-process.ts";
import { until } from "./until.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface PosthornTerminal {
  readonly url: string;
  /** What the terminal shows, with `\n` at the ends of lines. */
  screen(): string;
  /** Ctrl-C; resolves with the exit code. */
  interrupt(): Promise<number | null>;
}

const running = new Set<{ readonly child: ChildProcess; readonly pid: () => number | undefined }>();

/** Starts `posthorn serve --dev` on a free port and on a terminal: `script` gives it one. */
export async function startOnTerminal(
  environment: Readonly<Record<string, string>>,
): Promise<PosthornTerminal> {
  const pidFile = join(newDataDir(), "..", "terminal.pid");
  const command = `${process.execPath} --conditions=@posthorn/source ${main} serve --dev`;
  const child = spawn(
    "script",
    ["-qec", `echo $$ > ${pidFile}; stty cols 200; exec ${command}`, "/dev/null"],
    {
      env: { PATH: process.env["PATH"] ?? "", TERM: "dumb", POSTHORN_PORT: "0", ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const screen = (): string => output.replaceAll("\r\n", "\n");
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const entry = { child, pid: () => readPid(pidFile) };
  running.add(entry);
  void ended.then(() => running.delete(entry));
  const url = await until("the server on the terminal listens", () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${screen()}`);
    return /Posthorn listens at (http[\w:/.]+)/.exec(screen())?.[1];
  });
  return {
    url,
    screen,
    interrupt: () => {
      signal(entry.pid(), "SIGINT");
      return ended;
    },
  };
}

/** For `afterEach`, before `endAll`. */
export async function endTerminals(): Promise<void> {
  const ended = [...running].map(({ child, pid }) => {
    const closed = new Promise((resolve) => child.once("close", resolve));
    signal(pid(), "SIGKILL");
    return closed;
  });
  await Promise.all(ended);
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined; // Not started yet.
  }
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(pid, name);
}
