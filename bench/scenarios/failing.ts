import { type Bench, channel, payloadBytes } from "../bench.ts";
import { createApplication, type BenchApplication, type Server } from "../load/server.ts";
import type { Measured } from "../report.ts";
import { paired, type Scenario } from "./scenario.ts";

const failing = 1;
const failingChannel = "failing";

export const failingEndpoint: Scenario = {
  name: "failing",
  title: "50,000 deliveries wait for a failing endpoint: a healthy one of the same application",
  needsStore: false,
  stores: ["sqlite", "postgres"],
  run,
};

interface Side {
  readonly server: Server;
  readonly app: BenchApplication;
  readonly rates: number[];
  readonly p50: number[];
  readonly p99: number[];
  readonly cpuUs: number[];
}

async function run(bench: Bench): Promise<Measured> {
  const servers: Server[] = [];
  try {
    const open = async (): Promise<Side> => {
      const server = await bench.open();
      servers.push(server);
      const app = await createApplication(server, [
        { url: bench.target(0), channel },
        { url: bench.target(failing), channel: failingChannel },
      ]);
      return { server, app, rates: [], p50: [], p99: [], cpuUs: [] };
    };
    const [loaded, free] = [await open(), await open()];
    await bench.receiver.ask("mode", { port: failing, mode: "fail" });
    const waiting = bench.size(50_000, 500);
    await fill(bench, loaded, waiting);
    for (const side of [loaded, free]) await measure(bench, side, bench.size(50_000, 50));
    clear(loaded);
    clear(free);
    for (let round = 0; round < bench.rounds; round += 1) {
      for (const side of round % 2 === 0 ? [loaded, free] : [free, loaded]) {
        await measure(bench, side, bench.size(8_000, 100));
      }
      bench.say(
        `${Math.round(loaded.rates.at(-1) ?? 0)} with, ${Math.round(free.rates.at(-1) ?? 0)} msg/s without`,
      );
    }
    const within = {
      text: "within 10 %",
      met: ({ ratio }: { readonly ratio: number }) => Math.abs(ratio - 1) < 0.1,
    };
    const beside = "none wait";
    return {
      figures: [
        paired({ what: "healthy endpoint", beside, unit: "msg/s" }, loaded.rates, free.rates, {
          text: "ratio > 0.90",
          met: ({ ratio }) => ratio > 0.9,
        }),
        paired(
          { what: "its p50 at 100 messages/s", beside, unit: "ms" },
          loaded.p50,
          free.p50,
          within,
        ),
        paired({ what: "its p99 at 100 messages/s", beside, unit: "ms" }, loaded.p99, free.p99),
      ],
      processes: [
        {
          name: `Posthorn with ${waiting.toLocaleString("en-US")} waiting`,
          usage: loaded.server.usage(),
        },
        { name: "Posthorn with none", usage: free.server.usage() },
      ],
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await bench.receiver.ask("mode", { port: failing, mode: "fast" });
  }
}

/** Publishes what will wait; the first of it arrive and are answered 503. */
async function fill(bench: Bench, { app, server }: Side, count: number): Promise<void> {
  bench.say(`publishing ${count} messages that will wait`);
  const base = bench.takeNumbers(count);
  await bench.producer.ask("send", {
    url: app.url,
    body: { kind: "message", token: server.token, channel: failingChannel },
    payloadBytes,
    base,
    count,
    pace: { kind: "closed", publishers: 64 },
  });
}

async function measure(bench: Bench, side: Side, count: number): Promise<void> {
  const { app, server } = side;
  const common = { url: app.url, token: server.token, ports: [0], server };
  const full = await bench.run({ ...common, count, pace: { kind: "closed", publishers: 64 } });
  side.rates.push(full.rate);
  side.cpuUs.push(full.cpuUs);
  const pace = { kind: "open", perSecond: 100 } as const;
  const { received } = await bench.run({ ...common, count: bench.size(400, 30), pace });
  side.p50.push(received.latency.p50);
  side.p99.push(received.latency.p99);
}

function clear(side: Side): void {
  for (const list of [side.rates, side.p50, side.p99, side.cpuUs]) list.length = 0;
}
