import { type Bench, channel, inTurns } from "../bench.ts";
import type { StoreKind } from "../load/place.ts";
import { createApplication } from "../load/server.ts";
import type { Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";

const perSecond = 100;
/** Of p50 and p99, in ms. */
const most: Readonly<Record<StoreKind, readonly [number, number]>> = {
  sqlite: [3, 10],
  postgres: [5, 15],
};

export const latency: Scenario = {
  name: "latency",
  title: "100 messages/s: from publish to arrival",
  needsStore: false,
  stores: ["sqlite", "postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(5 * perSecond, 30);
  const pace = { kind: "open", perSecond } as const;
  const server = await bench.open();
  try {
    const app = await createApplication(server, [{ url: bench.target(0), channel }]);
    const common = { count, pace, ports: [0], token: server.token };
    const [p50, p99, empty50, empty99, answer50, answer99, late99] = [
      [],
      [],
      [],
      [],
      [],
      [],
      [],
    ] as [number[], number[], number[], number[], number[], number[], number[]];
    await bench.run({ ...common, url: app.url });
    await inTurns(
      bench.rounds,
      async () => {
        const { produced, received } = await bench.run({ ...common, url: app.url });
        p50.push(received.latency.p50);
        p99.push(received.latency.p99);
        answer50.push(produced.answer.p50);
        answer99.push(produced.answer.p99);
        late99.push(produced.late.p99);
        bench.say(
          `p50 ${received.latency.p50.toFixed(2)} ms, p99 ${received.latency.p99.toFixed(2)} ms`,
        );
      },
      async () => {
        const { received } = await bench.run({ ...common, url: bench.target(0), body: "empty" });
        empty50.push(received.latency.p50);
        empty99.push(received.latency.p99);
      },
    );
    const unit = "ms";
    const [most50, most99] = most[bench.kind];
    const beside = "empty loopback POST";
    return {
      figures: [
        paired({ what: "publish to arrival, p50", beside, unit }, p50, empty50, {
          text: `< ${most50} ms`,
          met: ({ value }) => value < most50,
        }),
        paired({ what: "publish to arrival, p99", beside, unit }, p99, empty99, {
          text: `< ${most99} ms`,
          met: ({ value }) => value < most99,
        }),
        alone("publish to answer, p50", unit, answer50),
        alone("publish to answer, p99", unit, answer99),
        alone("the producer's own lateness, p99", unit, late99),
      ],
      processes: [
        { name: "Posthorn", usage: server.usage() },
        { name: "Postgres", usage: bench.postgres?.usage() },
      ],
    };
  } finally {
    await server.stop();
  }
}
