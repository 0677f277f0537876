import { type Bench, channel, payloadBytes } from "../bench.ts";
import type { BareInsertCommands } from "../ceiling/bare-insert.ts";
import type { BareLoopCommands } from "../ceiling/bare-loop.ts";
import type { StoreKind } from "../load/place.ts";
import { createApplication } from "../load/server.ts";
import { startChild } from "../load/start-child.ts";
import type { Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";

const pace = { kind: "closed", publishers: 64 } as const;
const leastShare: Readonly<Record<StoreKind, number>> = { sqlite: 0.65, postgres: 0.6 };
const mostMb = 400;

export const oneEndpoint: Scenario = {
  name: "one-endpoint",
  title: "One endpoint, 64 publishers, 1 KB",
  needsStore: false,
  stores: ["sqlite", "postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(12_000, 300);
  const loop = startChild<BareLoopCommands>("ceiling/bare-loop.ts");
  const insert = startChild<BareInsertCommands>("ceiling/bare-insert.ts");
  const server = await bench.open();
  try {
    const targets = [bench.target(0)];
    const app = await createApplication(server, [{ url: bench.target(0), channel }]);
    const loopUrl = await loop.ask("start", { place: await bench.place(), targets });
    await insert.ask("open", await bench.place());
    const [served, looped, inserted, received] = [[], [], [], []] as [
      number[],
      number[],
      number[],
      number[],
    ];
    const common = { count, pace, ports: [0], token: server.token };
    const publish = () => bench.run({ ...common, url: app.url, server });
    const throughLoop = () => bench.run({ ...common, url: loopUrl });
    // V8 takes some 50,000 messages to compile all of it well.
    for (let warm = bench.size(5, 1); warm > 0; warm -= 1) await publish();
    await throughLoop();
    for (let round = 0; round < bench.rounds; round += 1) {
      const loopFirst = round % 2 === 0;
      if (loopFirst) looped.push((await throughLoop()).rate);
      served.push((await publish()).rate);
      if (!loopFirst) looped.push((await throughLoop()).rate);
      await loop.ask("drain");
      const { tookMs } = await insert.ask("insert", { count, batch: 64, payloadBytes });
      inserted.push((count / tookMs) * 1000);
      const direct = await bench.run({ ...common, url: bench.target(0), body: "payload" });
      received.push(direct.rate);
      bench.say(`${rounded(served.at(-1))} of ${rounded(looped.at(-1))} msg/s`);
    }
    const best = Math.max(...looped);
    const unit = "msg/s";
    const least = leastShare[bench.kind];
    const use = server.usage();
    return {
      figures: [
        paired({ what: "published and delivered", beside: "bare loop", unit }, served, looped),
        paired(
          { what: "published and delivered", beside: "best bare loop of the run", unit },
          served,
          served.map(() => best),
          { text: `ratio ≥ ${least.toFixed(2)}`, met: ({ ratio }) => ratio >= least },
        ),
        paired(
          { what: "published and delivered", beside: "bare group-committed insert of 64", unit },
          served,
          inserted,
        ),
        alone("the receiver alone", unit, received),
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
        { name: "Postgres, for all of them", usage: bench.postgres?.usage() },
        { name: "bare loop", usage: loop.usage() },
        { name: "receiver", usage: bench.receiver.usage() },
        { name: "producer", usage: bench.producer.usage() },
      ],
    };
  } finally {
    await Promise.all([server.stop(), loop.stop(), insert.stop()]);
  }
}

function rounded(value: number | undefined): string {
  return String(Math.round(value ?? Number.NaN));
}
