import { checkReceiver, checks } from "../check-receiver.ts";
import { CannotCheckError } from "../options.ts";
import type { Progress } from "../options.ts";
import type { Report } from "../report.ts";
import { allSchemes, ArgumentsError, parseCheck } from "./arguments.ts";
import type { CheckArguments } from "./arguments.ts";
import { usage } from "./help.ts";
import { resultLine, summaryText } from "./report-text.ts";
import { placeTarget } from "./target.ts";

/** Where a command writes to, and what it may read. */
export interface Surroundings {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a person watches what is written with `status`. */
  readonly isWatched: boolean;
  write(line: string): void;
  complain(line: string): void;
  /** Shows what is being done, in place of what was shown before; the empty text removes it. */
  status(text: string): void;
}

const cannotRun = 2;

/** Runs the command and gives its exit code. Rejects for bugs only. */
export async function runCommand(
  [command, ...args]: readonly string[],
  around: Surroundings,
): Promise<number> {
  if (command === undefined || command === "--help" || args.includes("--help")) {
    around.write(usage);
    return command === undefined ? cannotRun : 0;
  }
  switch (command) {
    case "check":
      return check(args, around);
    case "schemes":
      around.write(schemesText());
      return 0;
    case "checks":
      around.write(checks.map(({ name, title, why }) => `${name}\n  ${title}. ${why}`).join("\n"));
      return 0;
    case "--version":
      around.write(around.version);
      return 0;
    default:
      around.complain("There is no such command; posthorn-receiver --help shows what there is.");
      return cannotRun;
  }
}

async function check(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    const parsed = parseCheck(args, around.environment);
    await guard(parsed);
    const report = await run(parsed, around);
    if (parsed.json) around.write(JSON.stringify(report, null, 2));
    else around.write(`\n${summaryText(report)}`);
    return report.counts.bad > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ArgumentsError) && !(error instanceof CannotCheckError)) throw error;
    around.complain(error.message);
    return cannotRun;
  }
}

async function guard({ options, allowsRemote }: CheckArguments): Promise<void> {
  const target = await placeTarget(new URL(options.url));
  if (target.kind === "unknown") throw new ArgumentsError(target.detail);
  if (target.kind === "remote" && !allowsRemote) {
    throw new ArgumentsError(
      "That host is on neither this machine nor a private network. This sends attacks: " +
        "give --remote if it is yours.",
    );
  }
}

async function run({ options, json }: CheckArguments, around: Surroundings): Promise<Report> {
  const { scheme, url } = options;
  if (!json) around.write(`${url} as ${scheme.title} (${scheme.name})\n`);
  const onProgress = (progress: Progress): void => {
    if (progress.kind === "begins") {
      if (around.isWatched) around.status(`… ${progress.title}`);
      return;
    }
    if (around.isWatched) around.status("");
    if (!json) around.write(resultLine(progress.result));
  };
  return checkReceiver({ ...options, onProgress });
}

function schemesText(): string {
  return allSchemes
    .map(({ name, title, config = [] }) => {
      const told = config.map((field) => `\n    --config ${field.name}=…  ${field.what}`).join("");
      return `${name.padEnd(26)}${title}${told}`;
    })
    .join("\n");
}
