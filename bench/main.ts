/** `npm run bench`: see `--help`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Bench } from "./bench.ts";
import { describeMachine } from "./machine.ts";
import { helpOf, readOptions, type Options } from "./options.ts";
import { formatReport, isSound, noCounts, type Section } from "./report.ts";
import { failingEndpoint } from "./scenarios/failing.ts";
import { hangingEndpoint } from "./scenarios/hanging.ts";
import { latency } from "./scenarios/latency.ts";
import { mountain } from "./scenarios/mountain.ts";
import { oneEndpoint } from "./scenarios/one-endpoint.ts";
import { tenEndpoints } from "./scenarios/ten-endpoints.ts";
import type { Scenario } from "./scenarios/scenario.ts";

const scenarios: readonly Scenario[] = [
  oneEndpoint,
  tenEndpoints,
  latency,
  hangingEndpoint,
  failingEndpoint,
  mountain,
];
const receiverPorts = 10;
const results = fileURLToPath(new URL("RESULTS.md", import.meta.url));

process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options | "help";
  try {
    options = readOptions(scenarios.map(({ name }) => name));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nSee --help.`);
    return 2;
  }
  if (options === "help") {
    console.log(helpOf(scenarios));
    return 0;
  }
  const sections = await runAll(options);
  const report = formatReport(describeMachine(options.folder), sections);
  console.log(report);
  const out = options.out ?? (isWhole(options) ? results : undefined);
  if (out !== undefined) writeFileSync(out, `${report.trimEnd()}\n`);
  const unsound = sections.filter((section) => !isSound(section));
  for (const { name } of unsound)
    console.error(`${name}: something was lost, came twice, or is missing`);
  return unsound.length === 0 ? 0 : 1;
}

function isWhole({ against, only, quick }: Options): boolean {
  return !quick && only.length === 0 && against === undefined;
}

async function runAll(options: Options): Promise<readonly Section[]> {
  const bench = new Bench(options);
  const sections: Section[] = [];
  try {
    await bench.start(receiverPorts);
    for (const scenario of scenarios) {
      const { name, needsStore, title } = scenario;
      if (options.only.length > 0 && !options.only.includes(name)) continue;
      if (needsStore && options.against !== undefined) {
        console.error(`${name}: skipped, it needs the store's file`);
        continue;
      }
      console.error(`${name}: ${title}`);
      bench.counts = noCounts;
      const measured = await scenario.run(bench);
      sections.push({ ...measured, name, title, counts: bench.counts });
      bench.clear();
    }
    return sections;
  } finally {
    await bench.stop();
  }
}
