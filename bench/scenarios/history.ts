import type { Bench } from "../bench.ts";
import { addHistoryRows } from "../load/fill-postgres.ts";
import type { Measured } from "../report.ts";
import type { Scenario } from "./scenario.ts";
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
    return {
      figures: [
        ...startFigures("with the history", "none", [loaded, free]),
        ...costFigures(bench.kind, "none", [loaded, free]),
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
