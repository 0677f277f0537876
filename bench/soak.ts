/**
 * `npm run soak -- [--minutes N]`: a steady load for a long time, half of it to an endpoint that
 * fails and recovers each minute, with a retention so short that history is removed all the while.
 * Writes bench/SOAK.md.
 */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Bench, channel } from "./bench.ts";
import {
  createApplication,
  startPosthorn,
  type BenchApplication,
  type Server,
} from "./load/server.ts";
import { describeMachine } from "./machine.ts";

const perSecond = 200;
const retentionMinutes = 5;
const failing = 1;

interface Minute {
  readonly minute: number;
  readonly p50: number;
  readonly p99: number;
  readonly rssMb: number;
  readonly fileMb: number;
  readonly cpuSeconds: number;
}

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(values.minutes);
if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440) {
  throw new Error("--minutes takes a whole number from 1 to 1440");
}
const bench = new Bench({
  quick: false,
  rounds: 1,
  store: "sqlite",
  only: [],
  against: undefined,
  folder: tmpdir(),
  out: undefined,
  profileTo: undefined,
});
try {
  await bench.start(2);
  const dataDir = join(bench.folder(), "data");
  const server = await startPosthorn({
    place: { kind: "sqlite", folder: dataDir },
    env: {
      POSTHORN_RETENTION_DAYS: String(retentionMinutes / 1440),
      POSTHORN_RETRY_SCHEDULE: "0,1,5,30",
    },
  });
  try {
    const series = await soak(server, dataDir);
    const report = formatSoak(series);
    console.log(report);
    writeFileSync(fileURLToPath(new URL("SOAK.md", import.meta.url)), report);
    if (bench.counts.lost + bench.counts.duplicates + bench.counts.refused > 0)
      process.exitCode = 1;
  } finally {
    await server.stop();
  }
} finally {
  await bench.stop();
}

async function soak(server: Server, dataDir: string): Promise<readonly Minute[]> {
  const app = await createApplication(server, [
    { url: bench.target(0), channel },
    { url: bench.target(failing), channel: "failing" },
  ]);
  const series: Minute[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    series.push(await oneMinute(server, app, { minute, dataDir }));
    const { fileMb, p50, p99, rssMb } = series.at(-1) ?? { fileMb: 0, p50: 0, p99: 0, rssMb: 0 };
    bench.say(
      `minute ${minute} of ${minutes}: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, ` +
        `${rssMb.toFixed(0)} MB resident, ${fileMb.toFixed(0)} MB on disk`,
    );
  }
  return series;
}

/** Half a minute to the endpoint that works, while the other recovers; then that one fails. */
async function oneMinute(
  server: Server,
  app: BenchApplication,
  at: { readonly minute: number; readonly dataDir: string },
): Promise<Minute> {
  const count = 30 * perSecond;
  const pace = { kind: "open", perSecond } as const;
  const before = server.usage();
  const common = { count, pace, token: server.token, url: app.url };
  await bench.receiver.ask("mode", { port: failing, mode: "fast" });
  const { received } = await bench.run({ ...common, ports: [0] });
  await bench.receiver.ask("mode", { port: failing, mode: "fail" });
  await bench.producer.ask("send", {
    url: app.url,
    body: { kind: "message", token: server.token, channel: "failing" },
    payloadBytes: 1024,
    base: bench.takeNumbers(count),
    count,
    pace,
  });
  const after = server.usage();
  if (before === undefined || after === undefined) throw new Error("/proc tells nothing here");
  return {
    minute: at.minute,
    p50: received.latency.p50,
    p99: received.latency.p99,
    rssMb: after.rssMb,
    fileMb: bytesIn(at.dataDir) / 2 ** 20,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
  };
}

function bytesIn(folder: string): number {
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name)).size)
    .reduce((a, b) => a + b, 0);
}

function formatSoak(series: readonly Minute[]): string {
  const rows = series.map(
    ({ cpuSeconds, fileMb, minute, p50, p99, rssMb }) =>
      `| ${minute} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${rssMb.toFixed(0)} | ${fileMb.toFixed(0)} | ${cpuSeconds.toFixed(1)} |`,
  );
  const { arrived, duplicates, lost, refused } = bench.counts;
  return `# Soak

Written by \`npm run soak\`: ${perSecond} messages of 1 KB a second for ${series.length} minutes, half of each minute to
an endpoint that works and half to one that answers 503 meanwhile, whose breaker opens and whose backlog
drains in the other half; history is kept ${retentionMinutes} minutes. Latency is from publish to arrival at the
endpoint that works.

- ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC
${describeMachine(tmpdir())
  .map((line) => `- ${line}`)
  .join("\n")}

Arrived ${arrived}; lost ${lost}, duplicates ${duplicates}, refused ${refused}.

| minute | p50 ms | p99 ms | resident MB | on disk MB | CPU s |
| -----: | -----: | -----: | ----------: | ---------: | ----: |
${rows.join("\n")}
`;
}
