import { Command } from "commander";
import { client, whereHelp } from "./client.ts";

type Workers = Awaited<ReturnType<typeof askWorkers>>;

export function workersCommand(): Command {
  return new Command("workers")
    .description("Show the processes of the store, and who has each partition and how far it is.")
    .option("--json", "as one JSON object, for programs")
    .addHelpText("after", whereHelp)
    .action(async (options: { json?: boolean }) => {
      const workers = await askWorkers();
      console.log(options.json === true ? JSON.stringify(workers, null, 2) : showTables(workers));
    });
}

function askWorkers() {
  return client().request("get", "/api/v1/workers");
}

function showTables({ partitions, processes }: Workers): string {
  const owned = Map.groupBy(partitions, ({ owner }) => owner);
  const now = Date.now();
  const processRows = processes.map((each) => [
    each.name,
    each.version ?? "older",
    each.roles.join(","),
    String(each.slot),
    each.startedAt,
    each.alive ? "alive" : `silent for ${showSpan(now - Date.parse(each.renewedAt))}`,
    String(owned.get(each.name)?.length ?? 0),
  ]);
  const partitionRows = partitions.map((each) => [
    String(each.partition),
    each.owner ?? "nobody",
    each.ownedSince ?? "-",
    String(each.epoch),
    each.moreWaiting ? `${each.waiting}+` : String(each.waiting),
    each.behindMs === 0 ? "-" : showSpan(each.behindMs),
  ]);
  return [
    table(["process", "version", "roles", "slot", "since", "state", "partitions"], processRows),
    "",
    table(["partition", "owner", "since", "epoch", "waiting", "behind"], partitionRows),
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [head.map((title) => title.toUpperCase()), ...rows];
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => line.trimEnd())
    .join("\n");
}

const spans = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** In the largest unit that it has one of. */
function showSpan(ms: number): string {
  const [size, unit] = spans.find(([each]) => ms >= each) ?? [1, "ms"];
  return `${Math.floor(Math.max(0, ms) / size)} ${unit}`;
}
