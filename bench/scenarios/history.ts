import { z } from "zod";
import type { Bench } from "../bench.ts";
import { addHistoryRows } from "../load/fill-postgres.ts";
import { monotonicMs } from "../load/clock.ts";
import { spreadOf } from "../load/statistics.ts";
import type { Figure, Measured } from "../report.ts";
import { paired, type Scenario } from "./scenario.ts";
import {
  costFigures,
  createSide,
  endpointOf,
  measureCost,
  measureStarts,
  startFigures,
  stop,
  type Side,
} from "./side.ts";

const listed = z.object({ data: z.array(z.object({ id: z.string() })) });
/** A message, a delivery and an attempt. */
const rowsEach = 3;
const payloadBytes = 100;

export const history: Scenario = {
  name: "history",
  title: "10,000,000 rows of history over 90 days",
  needsStore: true,
  stores: ["postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(3_333_334, 500);
  const sides: Side[] = [];
  try {
    const loaded = await createSide(bench, sides);
    const free = await createSide(bench, sides);
    if (loaded.place.kind !== "postgres") throw new Error("this scenario fills Postgres");
    bench.say(`writing ${count * rowsEach} rows of history`);
    const rows = {
      application: loaded.app.id,
      endpoint: endpointOf(loaded, "healthy"),
      count,
      payloadBytes,
    };
    await addHistoryRows(loaded.place.url, rows);
    await measureStarts(bench, loaded, free);
    await measureCost(bench, loaded, free);
    const reads = await measureReads(bench, loaded, free);
    return {
      figures: [
        ...startFigures("with the history", "none", [loaded, free]),
        ...costFigures(bench.kind, "none", [loaded, free]),
        ...reads,
      ],
      processes: [
        { name: "Posthorn with the history", usage: loaded.server?.usage() },
        { name: "Posthorn with none", usage: free.server?.usage() },
        { name: "Postgres", usage: bench.postgres?.usage() },
      ],
    };
  } finally {
    await Promise.all(sides.map(stop));
  }
}

/** What people ask for: the newest messages, one of them, and what became of it. */
async function measureReads(bench: Bench, loaded: Side, free: Side): Promise<readonly Figure[]> {
  const asked: Readonly<Record<string, (side: Side, message: string) => string>> = {
    "a list of messages": () => "msg?limit=50",
    "a message": (_side, message) => `msg/${message}`,
    "its attempts": (_side, message) => `attempt/msg/${message}`,
    "an endpoint's attempts": (side) => `attempt/endpoint/${endpointOf(side, "healthy")}?limit=50`,
  };
  const figures: Figure[] = [];
  for (const [what, path] of Object.entries(asked)) {
    const of = (side: Side) => readTimes(side, path, bench.size(300, 10));
    const [withHistory, without] = [await of(loaded), await of(free)];
    figures.push(
      paired(
        { what: `read ${what}, p50`, beside: "none", unit: "ms" },
        [spreadOf(withHistory).p50],
        [spreadOf(without).p50],
      ),
    );
  }
  return figures;
}

async function readTimes(
  side: Side,
  path: (side: Side, message: string) => string,
  count: number,
): Promise<readonly number[]> {
  const messages = listed.parse(await read(side, "msg?limit=50")).data;
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const message = messages[n % messages.length]?.id;
    if (message === undefined) throw new Error("there is no message to read");
    const startedAt = monotonicMs();
    await read(side, path(side, message));
    times.push(monotonicMs() - startedAt);
  }
  return times;
}

async function read({ app, server }: Side, path: string): Promise<unknown> {
  if (server === undefined) throw new Error("the server does not run");
  const response = await fetch(`${server.url}/api/v1/app/${app.id}/${path}`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  if (!response.ok) throw new Error(`GET ${path} was answered ${response.status}`);
  return response.json();
}
