import { type Bench, channel, inTurns, type Run } from "../bench.ts";
import type { Place, StoreKind } from "../load/place.ts";
import { createApplication, type BenchApplication, type Server } from "../load/server.ts";
import type { Figure } from "../report.ts";
import { alone, paired } from "./scenario.ts";

/** Nobody listens there, and no system gives it away as a free one. */
const deadUrl = "http://127.0.0.1:1/hook";
const deadChannel = "dead";

/** One of two stores that are compared: it has a healthy endpoint and a dead one. */
export interface Side {
  readonly place: Place;
  readonly app: BenchApplication;
  readonly starts: number[];
  readonly runs: Run[];
  server: Server | undefined;
}

/** Makes a store; its server has been stopped. */
export async function createSide(bench: Bench, sides: Side[]): Promise<Side> {
  const place = await bench.place();
  const server = await bench.open(place);
  const none = { id: "", endpoints: [], url: "" };
  const side: Side = { place, app: none, starts: [], runs: [], server };
  const app = await createApplication(server, [
    { url: bench.target(0), channel },
    { url: deadUrl, channel: deadChannel },
  ]);
  const made = { ...side, app };
  sides.push(made);
  await stop(made);
  return made;
}

export function endpointOf({ app }: Side, which: "healthy" | "dead"): string {
  const endpoint = app.endpoints[which === "healthy" ? 0 : 1];
  if (endpoint === undefined) throw new Error(`the ${which} endpoint is missing`);
  return endpoint;
}

async function start(bench: Bench, side: Side): Promise<void> {
  const server = await bench.open(side.place);
  side.server = server;
  side.starts.push(server.startMs);
}

export async function stop(side: Side): Promise<void> {
  await side.server?.stop();
  side.server = undefined;
}

/** Leaves both running. */
export async function measureStarts(bench: Bench, loaded: Side, free: Side): Promise<void> {
  const startAndStop = async (side: Side): Promise<void> => {
    await start(bench, side);
    await stop(side);
  };
  await inTurns(
    Math.max(1, bench.rounds - 1),
    () => startAndStop(loaded),
    () => startAndStop(free),
  );
  await start(bench, loaded);
  await start(bench, free);
  bench.say(
    `ready after ${Math.round(loaded.starts.at(-1) ?? 0)} ms with, ${Math.round(free.starts.at(-1) ?? 0)} ms without`,
  );
}

export async function measureCost(bench: Bench, loaded: Side, free: Side): Promise<void> {
  const pace = { kind: "closed", publishers: 64 } as const;
  const measure = async (side: Side, count: number): Promise<Run> => {
    const { server } = side;
    if (server === undefined) throw new Error("the server does not run");
    // The port is another one after each start.
    const url = `${server.url}/api/v1/app/${side.app.id}/msg`;
    return bench.run({ url, token: server.token, count, pace, ports: [0], server });
  };
  for (const side of [loaded, free]) await measure(side, bench.size(50_000, 50));
  const count = bench.size(10_000, 200);
  await inTurns(
    bench.rounds,
    async () => void loaded.runs.push(await measure(loaded, count)),
    async () => void free.runs.push(await measure(free, count)),
  );
  bench.say(
    `${Math.round(loaded.runs.at(-1)?.rate ?? 0)} with, ${Math.round(free.runs.at(-1)?.rate ?? 0)} msg/s without`,
  );
}

/** What a load that only lies there may cost: a tenth on SQLite, and on Postgres 15 %. */
const flatness: Readonly<Record<StoreKind, number>> = { sqlite: 0.1, postgres: 0.15 };

export function costFigures(
  kind: StoreKind,
  beside: string,
  [loaded, free]: readonly [Side, Side],
): readonly Figure[] {
  const of = (side: Side, figure: (run: Run) => number) => side.runs.map(figure);
  const cpu = ({ cpuUs }: Run) => cpuUs;
  const rate = ({ rate }: Run) => rate;
  const most = 1 + flatness[kind];
  const least = 1 - flatness[kind];
  return [
    paired({ what: "CPU for each delivery", beside, unit: "µs" }, of(loaded, cpu), of(free, cpu), {
      text: `ratio < ${most.toFixed(2)}`,
      met: ({ ratio }) => ratio < most,
    }),
    paired({ what: "healthy endpoint", beside, unit: "msg/s" }, of(loaded, rate), of(free, rate), {
      text: `ratio > ${least.toFixed(2)}`,
      met: ({ ratio }) => ratio > least,
    }),
  ];
}

export function startFigures(
  what: string,
  beside: string,
  [loaded, free]: readonly [Side, Side],
): readonly Figure[] {
  return [
    alone(`start to ready, ${beside}`, "ms", free.starts, {
      text: "< 2,000 ms",
      met: ({ value }) => value < 2_000,
    }),
    paired({ what: `start to ready, ${what}`, beside, unit: "ms" }, loaded.starts, free.starts, {
      text: "< 5,000 ms",
      met: ({ value }) => value < 5_000,
    }),
  ];
}
