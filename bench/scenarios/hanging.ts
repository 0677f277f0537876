import { type Bench, channel, inTurns } from "../bench.ts";
import { createApplication } from "../load/server.ts";
import type { Measured } from "../report.ts";
import { paired, type Scenario } from "./scenario.ts";

const perSecond = 100;
const healthy = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const hanging = 9;

export const hangingEndpoint: Scenario = {
  name: "hanging",
  title: "One of ten endpoints hangs, 100 messages/s: the other nine",
  needsStore: false,
  stores: ["sqlite", "postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(5 * perSecond, 30);
  const server = await bench.open();
  try {
    const app = await createApplication(
      server,
      [...healthy, hanging].map((index) => ({ url: bench.target(index), channel })),
    );
    const pace = { kind: "open", perSecond } as const;
    const [p50, p99, without50, without99] = [[], [], [], []] as [
      number[],
      number[],
      number[],
      number[],
    ];
    const measure = async () => {
      const { received } = await bench.run({
        url: app.url,
        token: server.token,
        count,
        pace,
        ports: healthy,
      });
      return received.latency;
    };
    await measure();
    await inTurns(
      bench.rounds,
      async () => {
        await bench.receiver.ask("mode", { port: hanging, mode: "hang" });
        const { p50: middle, p99: slowest } = await measure();
        p50.push(middle);
        p99.push(slowest);
        bench.say(`one hangs: p99 ${slowest.toFixed(2)} ms`);
        // What hung is answered now, and what waited behind it comes.
        await bench.receiver.ask("mode", { port: hanging, mode: "fast" });
        await bench.finish([hanging]);
      },
      async () => {
        const { p50: middle, p99: slowest } = await measure();
        without50.push(middle);
        without99.push(slowest);
        bench.say(`none hangs: p99 ${slowest.toFixed(2)} ms`);
        await bench.finish([hanging]);
      },
    );
    const beside = "none hangs";
    return {
      figures: [
        paired({ what: "p99 of the nine", beside, unit: "ms" }, p99, without99, {
          text: "ratio < 1.20",
          met: ({ ratio }) => ratio < 1.2,
        }),
        paired({ what: "p50 of the nine", beside, unit: "ms" }, p50, without50),
      ],
      processes: [{ name: "Posthorn", usage: server.usage() }],
    };
  } finally {
    await server.stop();
  }
}
