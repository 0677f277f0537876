import { join } from "node:path";
import { type Bench, channel, inTurns, payloadBytes, type Run } from "../bench.ts";
import { addWaiting } from "../load/mountain.ts";
import { explainHotPath, scans, type Plan } from "../load/plans.ts";
import { createApplication, type BenchApplication, type Server } from "../load/server.ts";
import type { Figure, Measured } from "../report.ts";
import { alone, paired, type Scenario } from "./scenario.ts";

/** Nobody listens there, and no system gives it away as a free one. */
const deadUrl = "http://127.0.0.1:1/hook";
const deadChannel = "dead";
const restMs = 3_000;

export const mountain: Scenario = {
  name: "mountain",
  title: "1,000,000 deliveries wait for a dead endpoint",
  needsStore: true,
  run,
};

interface Side {
  readonly folder: string;
  readonly app: BenchApplication;
  readonly starts: number[];
  readonly runs: Run[];
  server: Server | undefined;
}

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(1_000_000, 2_000);
  const sides: Side[] = [];
  try {
    const loaded = await createSide(bench, sides);
    const free = await createSide(bench, sides);
    const [application, endpoint] = [loaded.app.id, loaded.app.endpoints[1]];
    if (endpoint === undefined) throw new Error("the dead endpoint is missing");
    bench.say(`writing ${count} waiting deliveries`);
    addWaiting(loaded.folder, { application, endpoint, count, payloadBytes });
    await measureStarts(bench, loaded, free);
    const atRestMb = await rest(bench, loaded);
    await measureCost(bench, loaded, free);
    const [loadedUse, freeUse] = [loaded.server?.usage(), free.server?.usage()];
    await stop(loaded);
    await stop(free);
    return {
      figures: [
        ...startFigures(loaded, free),
        alone("resident at rest with the backlog", "MB", [atRestMb], {
          text: "< 200 MB",
          met: ({ value }) => value < 200,
        }),
        ...costFigures(loaded, free),
      ],
      processes: [
        { name: `Posthorn with ${count.toLocaleString("en-US")} waiting`, usage: loadedUse },
        { name: "Posthorn with none", usage: freeUse },
      ],
      notes: [describePlans(explainHotPath(loaded.folder, { application, endpoint }))],
    };
  } finally {
    await Promise.all(sides.map(stop));
  }
}

/** A store with a healthy endpoint and a dead one. */
async function createSide(bench: Bench, sides: Side[]): Promise<Side> {
  const folder = join(bench.folder(), "data");
  const server = await bench.open(folder);
  const side: Side = {
    folder,
    app: { id: "", endpoints: [], url: "" },
    starts: [],
    runs: [],
    server,
  };
  const app = await createApplication(server, [
    { url: bench.target(0), channel },
    { url: deadUrl, channel: deadChannel },
  ]);
  const made = { ...side, app };
  sides.push(made);
  await stop(made);
  return made;
}

async function start(bench: Bench, side: Side): Promise<Server> {
  const server = await bench.open(side.folder);
  side.server = server;
  side.starts.push(server.startMs);
  return server;
}

async function stop(side: Side): Promise<void> {
  await side.server?.stop();
  side.server = undefined;
}

async function measureStarts(bench: Bench, loaded: Side, free: Side): Promise<void> {
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

/** Memory once the start is over and nothing happens. */
async function rest(bench: Bench, side: Side): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, bench.size(restMs, 200)));
  return side.server?.usage()?.rssMb ?? Number.NaN;
}

async function measureCost(bench: Bench, loaded: Side, free: Side): Promise<void> {
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
}

function startFigures(loaded: Side, free: Side): readonly Figure[] {
  return [
    alone("start to ready, nothing waiting", "ms", free.starts, {
      text: "< 2,000 ms",
      met: ({ value }) => value < 2_000,
    }),
    paired(
      { what: "start to ready, with the backlog", beside: "nothing waiting", unit: "ms" },
      loaded.starts,
      free.starts,
      { text: "< 5,000 ms", met: ({ value }) => value < 5_000 },
    ),
  ];
}

function costFigures(loaded: Side, free: Side): readonly Figure[] {
  const beside = "none waiting";
  const of = (side: Side, figure: (run: Run) => number) => side.runs.map(figure);
  const cpu = ({ cpuUs }: Run) => cpuUs;
  const rate = ({ rate }: Run) => rate;
  return [
    paired({ what: "CPU for each delivery", beside, unit: "µs" }, of(loaded, cpu), of(free, cpu), {
      text: "ratio < 1.10",
      met: ({ ratio }) => ratio < 1.1,
    }),
    paired({ what: "healthy endpoint", beside, unit: "msg/s" }, of(loaded, rate), of(free, rate), {
      text: "ratio > 0.90",
      met: ({ ratio }) => ratio > 0.9,
    }),
  ];
}

function describePlans(plans: readonly Plan[]): string {
  const lines = plans.map((plan) =>
    [
      `-- ${plan.during}${scans(plan) ? " (SCANS)" : ""}`,
      plan.sql,
      ...plan.steps.map((step) => `   ${step}`),
    ].join("\n"),
  );
  return [
    "Plans of the statements that the store runs for a delivery, over this store:",
    "",
    "```",
    ...lines,
    "```",
  ].join("\n");
}
