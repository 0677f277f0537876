import { type Bench, channel, inTurns, type Run } from "../bench.ts";
import { Installation } from "./installation.ts";
import { createApplication } from "../load/server.ts";
import type { Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";

const applications = 24;
const ports = [0, 1, 2, 3];
const pace = { kind: "closed", publishers: 64 } as const;

export const workers: Scenario = {
  name: "workers",
  title: "Two workers beside one: 24 applications, four endpoints each, 64 publishers",
  needsStore: true,
  stores: ["postgres"],
  run,
};

interface Side {
  readonly installation: Installation;
  readonly urls: readonly string[];
  readonly runs: Run[];
}

async function run(bench: Bench): Promise<Measured> {
  const sides: Side[] = [];
  try {
    const open = async (count: number): Promise<Side> => {
      const installation = await Installation.open(bench, count);
      const side: Side = { installation, urls: await createAll(bench, installation), runs: [] };
      sides.push(side);
      return side;
    };
    const [two, one] = [await open(2), await open(1)];
    const measure = async ({ installation, urls: [url = "", ...others] }: Side, count: number) => {
      const { token } = installation.api;
      return bench.run({ url, others, token, count, pace, ports, server: installation });
    };
    for (const side of [two, one]) await measure(side, bench.size(12_000, 24));
    const count = bench.size(3_000, 72);
    await inTurns(
      bench.rounds,
      async () => void two.runs.push(await measure(two, count)),
      async () => void one.runs.push(await measure(one, count)),
    );
    bench.say(`${rateOf(two.runs.at(-1))} deliveries/s of two, ${rateOf(one.runs.at(-1))} of one`);
    const shares = await two.installation.shares();
    return {
      figures: [
        pairOf("delivered by two", "/s", [two, one], ({ deliveryRate }) => deliveryRate),
        pairOf("CPU for each delivery of two", "µs", [two, one], ({ cpuUs }) => cpuUs),
        alone(
          "the largest share of two, less the smaller",
          "partitions",
          [Math.max(...shares) - Math.min(...shares)],
          { text: "≤ 1", met: ({ value }) => value <= 1 },
        ),
      ],
      processes: [
        ...[two, one].flatMap(({ installation: { api, workers } }) => [
          { name: `the API beside ${workers.length}`, usage: api.usage() },
          ...workers.map((each) => ({ name: `one of ${workers.length}`, usage: each.usage() })),
        ]),
        { name: "Postgres, for all of them", usage: bench.postgres?.usage() },
        { name: "receiver", usage: bench.receiver.usage() },
        { name: "producer", usage: bench.producer.usage() },
      ],
    };
  } finally {
    await Promise.all(sides.map(({ installation }) => installation.stop()));
  }
}

async function createAll(bench: Bench, { api }: Installation): Promise<readonly string[]> {
  const targets = ports.map((port) => ({ url: bench.target(port), channel }));
  const urls: string[] = [];
  for (let n = 0; n < applications; n += 1) urls.push((await createApplication(api, targets)).url);
  return urls;
}

function pairOf(
  what: string,
  unit: string,
  [two, one]: readonly [Side, Side],
  figure: (run: Run) => number,
) {
  return paired({ what, beside: "by one", unit }, two.runs.map(figure), one.runs.map(figure));
}

function rateOf(run: Run | undefined): string {
  return String(Math.round(run?.deliveryRate ?? Number.NaN));
}
