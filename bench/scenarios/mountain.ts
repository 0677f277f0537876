import { type Bench, payloadBytes } from "../bench.ts";
import { addWaitingRows } from "../load/fill-postgres.ts";
import { addWaiting } from "../load/mountain.ts";
import { explainHotPath, scans, type Plan } from "../load/plans.ts";
import type { Measured } from "../report.ts";
import { alone, type Scenario } from "./scenario.ts";
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

const restMs = 3_000;

export const mountain: Scenario = {
  name: "mountain",
  title: "1,000,000 deliveries wait for a dead endpoint",
  needsStore: true,
  stores: ["sqlite", "postgres"],
  run,
};

async function run(bench: Bench): Promise<Measured> {
  const count = bench.size(1_000_000, 2_000);
  const sides: Side[] = [];
  try {
    const loaded = await createSide(bench, sides);
    const free = await createSide(bench, sides);
    bench.say(`writing ${count} waiting deliveries`);
    await addMountain(loaded, count);
    await measureStarts(bench, loaded, free);
    const atRestMb = await rest(bench, loaded);
    await measureCost(bench, loaded, free);
    const [loadedUse, freeUse] = [loaded.server?.usage(), free.server?.usage()];
    await stop(loaded);
    await stop(free);
    return {
      figures: [
        ...startFigures("with the backlog", "nothing waiting", [loaded, free]),
        alone("resident at rest with the backlog", "MB", [atRestMb], {
          text: "< 200 MB",
          met: ({ value }) => value < 200,
        }),
        ...costFigures(bench.kind, "none waiting", [loaded, free]),
      ],
      processes: [
        { name: `Posthorn with ${count.toLocaleString("en-US")} waiting`, usage: loadedUse },
        { name: "Posthorn with none", usage: freeUse },
        { name: "Postgres", usage: bench.postgres?.usage() },
      ],
      notes: plansOf(loaded),
    };
  } finally {
    await Promise.all(sides.map(stop));
  }
}

async function addMountain(side: Side, count: number): Promise<void> {
  const { app, place } = side;
  const rows = { application: app.id, endpoint: endpointOf(side, "dead"), count, payloadBytes };
  if (place.kind === "postgres") await addWaitingRows(place.url, rows);
  else addWaiting(place.folder, rows);
}

/** Memory once the start is over and nothing happens. */
async function rest(bench: Bench, side: Side): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, bench.size(restMs, 200)));
  return side.server?.usage()?.rssMb ?? Number.NaN;
}

/** Those of Postgres are looked at by a test, since its planner goes by statistics. */
function plansOf(side: Side): readonly string[] {
  const { app, place } = side;
  if (place.kind === "postgres") return [];
  const of = { application: app.id, endpoint: endpointOf(side, "dead") };
  return [describePlans(explainHotPath(place.folder, of))];
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
