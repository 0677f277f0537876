import { type Bench, payloadBytes } from "../bench.ts";
import type { BareInboundCommands } from "../ceiling/bare-inbound.ts";
import { githubSecret } from "../load/github.ts";
import type { Load, Produced } from "../load/producer.ts";
import { createApplication, createSource, setPaused, type Server } from "../load/server.ts";
import { startChild } from "../load/start-child.ts";
import type { Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";

const publishers = 64;
const leastShare = 0.7;
const mostP99Ms = 20;

/**
 * What is measured is the gate: the endpoint is paused meanwhile, and what was taken is delivered after
 * each round, so that the receiver counts what was lost or doubled.
 */
export const inbound: Scenario = {
  name: "inbound",
  title: "A source's gate: 1 KB GitHub requests, 64 connections",
  needsStore: false,
  stores: ["sqlite", "postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(16_000, 300);
  const bare = startChild<BareInboundCommands>("ceiling/bare-inbound.ts");
  const server = await bench.open();
  try {
    const gate = await openGate(bench, server);
    const bareUrl = await bare.ask("start", await bench.place());
    const [taken, inserted, p50, p99] = [[], [], [], []] as [
      number[],
      number[],
      number[],
      number[],
    ];
    const closed = { kind: "closed", publishers } as const;
    const toBare = async () => {
      const produced = await send(bench, { url: bareUrl, count, pace: closed });
      await bare.ask("rest");
      return rateOf(produced, count);
    };
    const toGate = async (pace: Load["pace"], of = count) => gate.round({ count: of, pace });
    for (let warm = bench.size(4, 1); warm > 0; warm -= 1) await toGate(closed);
    await toBare();
    for (let round = 0; round < bench.rounds; round += 1) {
      const bareFirst = round % 2 === 0;
      if (bareFirst) inserted.push(await toBare());
      const rate = rateOf(await toGate(closed), count);
      taken.push(rate);
      if (!bareFirst) inserted.push(await toBare());
      const perSecond = Math.max(50, Math.round(rate / 2));
      const half = await toGate({ kind: "open", perSecond }, bench.size(8_000, 100));
      p50.push(half.answer.p50);
      p99.push(half.answer.p99);
      bench.say(
        `${Math.round(rate)} of ${Math.round(inserted.at(-1) ?? 0)} requests/s; p99 at half of it ` +
          `${half.answer.p99.toFixed(2)} ms`,
      );
    }
    const unit = "requests/s";
    return {
      figures: [
        paired(
          {
            what: "verified and stored",
            beside: "bare HTTP server with the same group-committed insert",
            unit,
          },
          taken,
          inserted,
          { text: `ratio ≥ ${leastShare.toFixed(2)}`, met: ({ ratio }) => ratio >= leastShare },
        ),
        alone("answer at half that rate, p50", "ms", p50),
        alone("answer at half that rate, p99", "ms", p99, {
          text: `< ${mostP99Ms} ms`,
          met: ({ value }) => value < mostP99Ms,
        }),
      ],
      processes: [
        { name: "Posthorn", usage: server.usage() },
        { name: "Postgres, for both", usage: bench.postgres?.usage() },
        { name: "bare server", usage: bare.usage() },
        { name: "producer", usage: bench.producer.usage() },
      ],
    };
  } finally {
    await Promise.all([server.stop(), bare.stop()]);
  }
}

async function openGate(bench: Bench, server: Server) {
  const app = await createApplication(server, [{ url: bench.target(0) }]);
  const [endpoint = ""] = app.endpoints;
  const url = await createSource(server, { app: app.id, scheme: "github", secret: githubSecret });
  return {
    async round(load: Pick<Load, "count" | "pace">): Promise<Produced> {
      await setPaused(server, { app: app.id, endpoint, paused: true });
      const base = await bench.begin(load.count);
      const produced = await bench.producer.ask("send", {
        ...load,
        url,
        base,
        payloadBytes,
        body: { kind: "github" },
      });
      await setPaused(server, { app: app.id, endpoint, paused: false });
      await bench.finish([0], produced);
      return produced;
    },
  };
}

function send(bench: Bench, load: Pick<Load, "url" | "count" | "pace">): Promise<Produced> {
  const base = bench.takeNumbers(load.count);
  return bench.producer.ask("send", { ...load, base, payloadBytes, body: { kind: "github" } });
}

function rateOf({ firstAtMs, lastAtMs }: Produced, count: number): number {
  return (count / (lastAtMs - firstAtMs)) * 1000;
}
