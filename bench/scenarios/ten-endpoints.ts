import { type Bench, channel, inTurns, payloadBytes } from "../bench.ts";
import type { BareClientCommands } from "../ceiling/bare-client.ts";
import { createApplication } from "../load/server.ts";
import { startChild } from "../load/start-child.ts";
import type { Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";

const endpoints = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const pace = { kind: "closed", publishers: 64 } as const;
const mostMb = 400;

export const tenEndpoints: Scenario = {
  name: "ten-endpoints",
  title: "Ten endpoints, 64 publishers, 1 KB",
  needsStore: false,
  stores: ["sqlite", "postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(4_000, 100);
  const client = startChild<BareClientCommands>("ceiling/bare-client.ts");
  const server = await bench.open();
  try {
    const targets = endpoints.map((index) => bench.target(index));
    const app = await createApplication(
      server,
      targets.map((url) => ({ url, channel })),
    );
    const served: number[] = [];
    const bare: number[] = [];
    const publish = () =>
      bench.run({ url: app.url, token: server.token, count, pace, ports: endpoints, server });
    const sendBare = async () => {
      const base = await bench.begin(count);
      const { tookMs } = await client.ask("send", { targets, base, count, payloadBytes });
      await bench.finish(endpoints);
      return ((count * endpoints.length) / tookMs) * 1000;
    };
    // V8 takes some 50,000 deliveries to compile all of it well.
    for (let warm = bench.size(2, 1); warm > 0; warm -= 1) await publish();
    await sendBare();
    await inTurns(
      bench.rounds,
      async () => {
        served.push((await publish()).deliveryRate);
        bench.say(`${Math.round(served.at(-1) ?? 0)} deliveries/s`);
      },
      async () => {
        bare.push(await sendBare());
        bench.say(`${Math.round(bare.at(-1) ?? 0)} requests/s of the bare client`);
      },
    );
    const use = server.usage();
    return {
      figures: [
        paired({ what: "delivered", beside: "bare client", unit: "/s" }, served, bare, {
          text: "≥ 15,000/s or ratio ≥ 0.70",
          met: ({ ratio, value }) => value >= 15_000 || ratio >= 0.7,
        }),
        ...(use === undefined
          ? []
          : [
              alone("Posthorn, resident at most", "MB", [use.peakRssMb], {
                text: "< 400 MB",
                met: ({ value }) => value < mostMb,
              }),
            ]),
      ],
      processes: [
        { name: "Posthorn", usage: use },
        { name: "Postgres", usage: bench.postgres?.usage() },
        { name: "bare client", usage: client.usage() },
        { name: "receiver", usage: bench.receiver.usage() },
        { name: "producer", usage: bench.producer.usage() },
      ],
    };
  } finally {
    await Promise.all([server.stop(), client.stop()]);
  }
}
