import { type Bench, channel, inTurns } from "../bench.ts";
import { Installation } from "./installation.ts";
import { createApplication } from "../load/server.ts";
import type { Measured } from "../report.ts";
import { paired, type Scenario } from "./scenario.ts";

const perSecond = 100;
const mostMs = 10;

export const twoProcesses: Scenario = {
  name: "two-processes",
  title: "100 messages/s: published in one process, delivered by another",
  needsStore: true,
  stores: ["postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(5 * perSecond, 30);
  const pace = { kind: "open", perSecond } as const;
  const alone = await bench.open();
  const apart = await Installation.open(bench, 1).catch(async (error: unknown) => {
    await alone.stop();
    throw error;
  });
  try {
    const measure = async (server: typeof alone) => {
      const app = await createApplication(server, [{ url: bench.target(0), channel }]);
      const times = { p50: [] as number[], p99: [] as number[] };
      const once = async () =>
        (await bench.run({ url: app.url, token: server.token, count, pace, ports: [0] })).received;
      await once();
      return {
        ...times,
        round: async () => {
          const { latency } = await once();
          times.p50.push(latency.p50);
          times.p99.push(latency.p99);
        },
      };
    };
    const [two, one] = [await measure(apart.api), await measure(alone)];
    await inTurns(bench.rounds, two.round, one.round);
    bench.say(`p50 ${two.p50.at(-1)?.toFixed(2)} ms of two, ${one.p50.at(-1)?.toFixed(2)} of one`);
    const beside = "one process";
    const unit = "ms";
    return {
      figures: [
        paired({ what: "publish to arrival, p50", beside, unit }, two.p50, one.p50, {
          text: `< ${mostMs} ms`,
          met: ({ value }) => value < mostMs,
        }),
        paired({ what: "publish to arrival, p99", beside, unit }, two.p99, one.p99),
      ],
      processes: [
        { name: "the process that publishes", usage: apart.api.usage() },
        { name: "the process that delivers", usage: apart.workers[0]?.usage() },
        { name: "one process", usage: alone.usage() },
        { name: "Postgres, for both", usage: bench.postgres?.usage() },
      ],
    };
  } finally {
    await Promise.all([alone.stop(), apart.stop()]);
  }
}
