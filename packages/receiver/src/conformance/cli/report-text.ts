import type { CheckResult, Report, TrialAnswer } from "../report.ts";

/** One line for each check, as it ends. */
export function resultLine({ verdict, name, says }: CheckResult): string {
  return `${verdict.padEnd(8)} ${name.padEnd(22)} ${says}`;
}

/** What a person has to look at, and the counts. */
export function summaryText(report: Report): string {
  const looked = report.checks.filter(({ verdict }) => verdict === "bad" || verdict === "note");
  const { good, bad, note, skipped } = report.counts;
  return [
    ...looked.map(detailText),
    ...(report.unconfirmed.length === 0 ? [] : [unconfirmedText(report)]),
    `${good} good, ${bad} bad, ${note} to note, ${skipped} skipped.`,
  ].join("\n\n");
}

function detailText({ verdict, name, title, says, why, mend, trials }: CheckResult): string {
  const lines = [`${verdict}: ${name}, ${title}`, `  ${says}`];
  for (const { sent, answer } of firstAndLast(trials))
    lines.push(`  sent: ${sent} → ${answerText(answer)}`);
  if (why !== undefined) lines.push(`  why:  ${why}`);
  if (mend !== undefined) lines.push(`  mend: ${mend}`);
  return lines.join("\n");
}

/** Ten alike at once say no more than two of them. */
function firstAndLast<T>(all: readonly T[]): readonly T[] {
  return all.length <= 5 ? all : [...all.slice(0, 4), ...all.slice(-1)];
}

function answerText(answer: TrialAnswer): string {
  if (answer.kind === "failed") return `${answer.how} after ${answer.ms} ms`;
  const { status, ms, excerpt } = answer;
  return `${status} in ${ms} ms${excerpt === undefined ? "" : `: ${excerpt}`}`;
}

function unconfirmedText({ scheme, unconfirmed }: Report): string {
  return [
    `Of ${scheme} this was not confirmed with the provider, and may be otherwise:`,
    ...unconfirmed.map((each) => `  - ${each}`),
  ].join("\n");
}
