/** `npm run bench`: see `--help`. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Bench } from "./bench.ts";
import { describeMachine } from "./machine.ts";
import { helpOf, readOptions, type Options } from "./options.ts";
import { formatReport, isSound, noCounts, replaceSections, type Section } from "./report.ts";
import { storeNames, type StoreKind } from "./load/place.ts";
import { failingEndpoint } from "./scenarios/failing.ts";
import { hangingEndpoint } from "./scenarios/hanging.ts";
import { history } from "./scenarios/history.ts";
import { inbound } from "./scenarios/inbound.ts";
import { latency } from "./scenarios/latency.ts";
import { mountain } from "./scenarios/mountain.ts";
import { oneEndpoint } from "./scenarios/one-endpoint.ts";
import { tenEndpoints } from "./scenarios/ten-endpoints.ts";
import { configChange } from "./scenarios/config-change.ts";
import { rolling } from "./scenarios/rolling.ts";
import { twoProcesses } from "./scenarios/two-processes.ts";
import { workers } from "./scenarios/workers.ts";
import { verify } from "./scenarios/verify.ts";
import type { Scenario } from "./scenarios/scenario.ts";

const scenarios: readonly Scenario[] = [
  oneEndpoint,
  tenEndpoints,
  latency,
  hangingEndpoint,
  failingEndpoint,
  mountain,
  history,
  inbound,
  twoProcesses,
  configChange,
  workers,
  rolling,
  verify,
];
const receiverPorts = 10;
const results: Readonly<Record<StoreKind, string>> = {
  sqlite: fileURLToPath(new URL("RESULTS.md", import.meta.url)),
  postgres: fileURLToPath(new URL("RESULTS-postgres.md", import.meta.url)),
};

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
  const { machine, sections } = await runAll(options);
  const report = formatReport({ store: options.store, machine, sections });
  console.log(report);
  const out = options.out ?? (isWhole(options) ? results[options.store] : undefined);
  if (out !== undefined) writeReport(out, report, options.only.length > 0);
  const unsound = sections.filter((section) => !isSound(section));
  for (const { name } of unsound)
    console.error(`${name}: something was lost, came twice, or is missing`);
  return unsound.length === 0 ? 0 : 1;
}

function isWhole({ against, only, quick }: Options): boolean {
  return !quick && only.length === 0 && against === undefined;
}

/** Where some scenarios ran alone, the sections of the others stay as they are. */
function writeReport(out: string, report: string, isPart: boolean): void {
  const before = isPart && existsSync(out) ? readFileSync(out, "utf8") : "";
  writeFileSync(out, `${(before === "" ? report : replaceSections(before, report)).trimEnd()}\n`);
}

interface Ran {
  readonly machine: readonly string[];
  readonly sections: readonly Section[];
}

async function runAll(options: Options): Promise<Ran> {
  const bench = new Bench(options);
  const sections: Section[] = [];
  try {
    await bench.start(receiverPorts);
    for (const scenario of scenarios) {
      const { name, needsStore, stores, title } = scenario;
      if (options.only.length > 0 && !options.only.includes(name)) continue;
      if (!stores.includes(options.store)) {
        console.error(`${name}: skipped, it is not there for ${storeNames[options.store]}`);
        continue;
      }
      if (needsStore && options.against !== undefined) {
        console.error(`${name}: skipped, it needs the store itself`);
        continue;
      }
      console.error(`${name}: ${title}`);
      bench.counts = noCounts;
      const measured = await scenario.run(bench);
      sections.push({ ...measured, name, title, counts: bench.counts, at: new Date() });
      await bench.clear();
    }
    const { postgres } = bench;
    const machine = describeMachine(options.folder);
    return { machine: [...machine, ...(postgres ? [postgres.description] : [])], sections };
  } finally {
    await bench.stop();
  }
}
