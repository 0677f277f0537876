import { allCases } from "./cases/all.ts";
import type { CheckCase } from "./check-case.ts";
import type { FindingVerdict } from "./finding.ts";
import { CannotCheckError } from "./options.ts";
import type { CheckReceiverOptions } from "./options.ts";
import type { CheckResult, Report } from "./report.ts";
import { beginRun } from "./run.ts";

/** The names and titles of the checks, in their order. */
export const checks: readonly Pick<CheckCase, "name" | "title" | "why" | "mend">[] = allCases;

/** Tries a receiver over HTTP. Rejects with a `CannotCheckError` when nothing can be said of it. */
export async function checkReceiver(options: CheckReceiverOptions): Promise<Report> {
  const run = await beginRun(options);
  const results: CheckResult[] = [];
  for (const each of chosen(options)) {
    options.onProgress?.({ kind: "begins", name: each.name, title: each.title });
    const result = await run.check(each);
    results.push(result);
    options.onProgress?.({ kind: "ended", result });
  }
  const count = (verdict: FindingVerdict): number =>
    results.filter((each) => each.verdict === verdict).length;
  return {
    url: options.url,
    scheme: options.scheme.name,
    unconfirmed: options.scheme.unconfirmed ?? [],
    checks: results,
    counts: {
      good: count("good"),
      bad: count("bad"),
      note: count("note"),
      skipped: count("skipped"),
    },
  };
}

function chosen({ only, skip = [] }: CheckReceiverOptions): readonly CheckCase[] {
  const names = new Set(allCases.map(({ name }) => name));
  const unknown = [...(only ?? []), ...skip].find((name) => !names.has(name));
  if (unknown !== undefined) throw new CannotCheckError(`There is no check called ${unknown}.`);
  return allCases.filter(
    ({ name }) => (only === undefined || only.includes(name)) && !skip.includes(name),
  );
}
